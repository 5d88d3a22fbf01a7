//! The proxy by which a site's devices reach the service.

use serde::Serialize;

/// How a proxy is spoken to.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ProxyKind {
    Http,
    Socks4,
    Socks5,
}

/// What is kept of a proxy. Its password is not: the service never gives one back, so all that
/// anyone can see of it is whether there is one.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) kind: ProxyKind,
    pub(crate) username: Option<String>,
    pub(crate) with_password: bool,
}

/// A proxy as the API writes it.
#[derive(Serialize)]
pub(crate) struct ProxyView {
    host: String,
    password: Option<&'static str>,
    port: u16,
    #[serde(rename = "type")]
    kind: ProxyKind,
    username: Option<String>,
}

impl ProxyKind {
    const ALL: [(&'static str, Self); 3] = [
        ("http", Self::Http),
        ("socks4", Self::Socks4),
        ("socks5", Self::Socks5),
    ];

    pub(crate) fn of(text: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, kind)| *kind)
    }
}

impl Proxy {
    /// The proxy that a site begins with: every fifth site has one.
    pub(super) fn generate(site: u32, rng: &mut fastrand::Rng) -> Option<Self> {
        if site % 5 != 2 {
            return None;
        }
        let with_login = rng.bool();
        let (_, kind) = ProxyKind::ALL[rng.usize(..3)];
        Some(Self {
            host: "proxy.example.internal".to_owned(),
            port: 3128,
            kind,
            username: with_login.then(|| "rmm-proxy".to_owned()),
            with_password: with_login,
        })
    }

    pub(super) fn view(&self) -> ProxyView {
        ProxyView {
            host: self.host.clone(),
            password: self.with_password.then_some("********"),
            port: self.port,
            kind: self.kind,
            username: self.username.clone(),
        }
    }
}
