//! Variables of the account. (Those of sites come with the wider API.)

use http::StatusCode;

use crate::{
    answer::Answer,
    call::Call,
    document::Document,
    error::ApiError,
    operation::Operation,
    paging,
    query::{MAX, PAGE},
    route::Route,
    state::VariableFault,
};

pub(super) const ROUTES: &[Route] = &[
    Route::get("/v2/account/variables", &[PAGE, MAX], variables),
    Route::put(
        "/v2/account/variable",
        Operation::AccountVariableCreate,
        create,
    ),
    Route::post(
        "/v2/account/variable/{variableId}",
        Operation::AccountVariableUpdate,
        update,
    ),
    Route::delete(
        "/v2/account/variable/{variableId}",
        Operation::AccountVariableDelete,
        delete,
    ),
];

fn variables(call: &Call<'_>) -> Result<Answer, ApiError> {
    let variables = call.app.state.variables();
    paging::page(call, "variables", variables.len(), |at| {
        variables[at].view()
    })
}

fn create(call: &Call<'_>) -> Result<Answer, ApiError> {
    let mut document = Document::read(call.headers, call.body)?;
    let (name, value) = (name(&mut document)?, document.needed_text("value")?);
    let masked = document.flag("masked")?.unwrap_or(false);
    document.end()?;
    done(call.app.state.create_variable(name, value, masked))
}

fn update(call: &Call<'_>) -> Result<Answer, ApiError> {
    let id = id(call)?;
    let mut document = Document::read(call.headers, call.body)?;
    let (name, value) = (name(&mut document)?, document.needed_text("value")?);
    document.end()?;
    done(call.app.state.update_variable(id, name, value))
}

fn delete(call: &Call<'_>) -> Result<Answer, ApiError> {
    done(call.app.state.delete_variable(id(call)?))
}

fn id(call: &Call<'_>) -> Result<i64, ApiError> {
    call.capture(0)
        .parse()
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
