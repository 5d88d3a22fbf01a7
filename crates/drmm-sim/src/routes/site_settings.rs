//! The settings of a site, and the proxy among them.

use http::StatusCode;

use super::sites::named_site;
use crate::{
    answer::Answer,
    call::Call,
    data::{Proxy, ProxyKind},
    document::Document,
    error::ApiError,
    operation::Operation,
    route::Route,
};

pub(super) const ROUTES: &[Route] = &[
    Route::get("/v2/site/{siteUid}/settings", &[], |call| {
        let site = named_site(call)?;
        Answer::json(&call.app.world.site_settings_view(&site))
    }),
    Route::post(
        "/v2/site/{siteUid}/settings/proxy",
        Operation::SiteProxyCreate,
        set_proxy,
    ),
    Route::delete(
        "/v2/site/{siteUid}/settings/proxy",
        Operation::SiteProxyDelete,
        delete_proxy,
    ),
];

/// Answers with all settings. A login that is left out is gone: the proxy is replaced as a whole.
fn set_proxy(call: &Call<'_>) -> Result<Answer, ApiError> {
    let site = named_site(call)?;
    let proxy = proxy(Document::read(call.headers, call.body)?)?;
    let site = call.app.world.sites.set_proxy(site.index, proxy);
    Answer::json(&call.app.world.site_settings_view(&site))
}

/// 204 says that there was none.
fn delete_proxy(call: &Call<'_>) -> Result<Answer, ApiError> {
    let site = named_site(call)?;
    let removed = call.app.world.sites.remove_proxy(site.index);
    Ok(Answer::empty(match removed {
        Some(_) => StatusCode::OK,
        None => StatusCode::NO_CONTENT,
    }))
}

/// Reads a proxy. The description wants none of its fields; without a host, a port and a type there
/// is nothing to connect to.
pub(super) fn proxy(mut document: Document) -> Result<Proxy, ApiError> {
    let host = document.needed_text("host")?;
    if host.trim().is_empty() {
        return Err(ApiError::bad_request("host is empty"));
    }
    let kind = ProxyKind::of(&document.needed_text("type")?)
        .ok_or_else(|| ApiError::bad_request("type is not http, socks4 or socks5"))?;
    let port = document
        .whole("port")?
        .and_then(|port| u16::try_from(port).ok())
        .filter(|&port| port > 0)
        .ok_or_else(|| ApiError::bad_request("port is not 1 to 65535"))?;
    let (username, password) = (document.text("username")?, document.text("password")?);
    document.end()?;
    Ok(Proxy {
        host,
        port,
        kind,
        username,
        with_password: password.is_some_and(|password| !password.is_empty()),
    })
}
