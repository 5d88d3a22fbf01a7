//! Users of the account, and the key of the one who asks.

use serde_json::json;

use crate::{
    answer::Answer,
    call::Call,
    data::user::{self, API_USER},
    error::ApiError,
    operation::Operation,
    paging,
    query::{MAX, PAGE},
    route::Route,
};

pub(super) const ROUTES: &[Route] = &[
    Route::get("/v2/account/users", &[PAGE, MAX], users),
    Route::post(
        "/v2/user/resetApiKeys",
        Operation::UserResetKeys,
        reset_keys,
    ),
];

fn users(call: &Call<'_>) -> Result<Answer, ApiError> {
    paging::page(call, "users", user::COUNT, |at| {
        call.app.world.user_view(at)
    })
}

/// The old key buys no token any more. All keys are those of the one user who is there for scripts.
fn reset_keys(call: &Call<'_>) -> Result<Answer, ApiError> {
    let (key, secret) = call.app.reset_key(call.headers)?;
    Answer::json(&json!({
        "apiAccessKey": key,
        "apiSecretKey": secret,
        "userName": API_USER,
    }))
}
