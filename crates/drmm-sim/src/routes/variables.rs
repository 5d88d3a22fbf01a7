//! Variables of the account and of its sites.

use http::StatusCode;

use super::sites::named_site;
use crate::{
    answer::Answer,
    call::Call,
    document::Document,
    error::ApiError,
    operation::Operation,
    paging,
    query::{MAX, PAGE},
    route::Route,
    variables::{Owner, VariableFault},
};

pub(super) const ROUTES: &[Route] = &[
    Route::get("/v2/account/variables", &[PAGE, MAX], |call| {
        variables(call, Owner::Account)
    }),
    Route::put(
        "/v2/account/variable",
        Operation::AccountVariableCreate,
        |call| create(call, Owner::Account),
    ),
    Route::post(
        "/v2/account/variable/{variableId}",
        Operation::AccountVariableUpdate,
        |call| update(call, Owner::Account, call.capture(0)),
    ),
    Route::delete(
        "/v2/account/variable/{variableId}",
        Operation::AccountVariableDelete,
        |call| delete(call, Owner::Account, call.capture(0)),
    ),
    Route::get("/v2/site/{siteUid}/variables", &[PAGE, MAX], |call| {
        variables(call, site(call)?)
    }),
    Route::put(
        "/v2/site/{siteUid}/variable",
        Operation::SiteVariableCreate,
        |call| create(call, site(call)?),
    ),
    Route::post(
        "/v2/site/{siteUid}/variable/{variableId}",
        Operation::SiteVariableUpdate,
        |call| update(call, site(call)?, call.capture(1)),
    ),
    Route::delete(
        "/v2/site/{siteUid}/variable/{variableId}",
        Operation::SiteVariableDelete,
        |call| delete(call, site(call)?, call.capture(1)),
    ),
];

fn site(call: &Call<'_>) -> Result<Owner, ApiError> {
    Ok(Owner::Site(named_site(call)?.index))
}

fn variables(call: &Call<'_>, owner: Owner) -> Result<Answer, ApiError> {
    let variables = call.app.state.variables.of(owner);
    paging::page(call, "variables", variables.len(), |at| {
        variables[at].view()
    })
}

fn create(call: &Call<'_>, owner: Owner) -> Result<Answer, ApiError> {
    let mut document = Document::read(call.headers, call.body)?;
    let (name, value) = (name(&mut document)?, document.needed_text("value")?);
    let masked = document.flag("masked")?.unwrap_or(false);
    document.end()?;
    done(call.app.state.variables.create(owner, name, value, masked))
}

fn update(call: &Call<'_>, owner: Owner, id: &str) -> Result<Answer, ApiError> {
    let id = number(id)?;
    let mut document = Document::read(call.headers, call.body)?;
    let (name, value) = (name(&mut document)?, document.needed_text("value")?);
    document.end()?;
    done(call.app.state.variables.update(owner, id, name, value))
}

fn delete(call: &Call<'_>, owner: Owner, id: &str) -> Result<Answer, ApiError> {
    done(call.app.state.variables.delete(owner, number(id)?))
}

fn number(id: &str) -> Result<i64, ApiError> {
    id.parse()
        .map_err(|_| ApiError::bad_request("the id is not a number"))
}

fn name(document: &mut Document) -> Result<String, ApiError> {
    let name = document.needed_text("name")?;
    if name.is_empty() {
        return Err(ApiError::bad_request("name is empty"));
    }
    Ok(name)
}

/// That a name is there only once is nowhere described; two of one name could not be told apart in
/// the environment of a component.
fn done(outcome: Result<(), VariableFault>) -> Result<Answer, ApiError> {
    outcome.map_err(|fault| match fault {
        VariableFault::Missing => ApiError::not_found("variable"),
        VariableFault::NameTaken => ApiError::bad_request("another one has this name"),
    })?;
    Ok(Answer::empty(StatusCode::OK))
}
