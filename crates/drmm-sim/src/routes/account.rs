//! The account itself.

use crate::{answer::Answer, call::Call, error::ApiError, route::Route};

pub(super) const ROUTES: &[Route] = &[Route::get("/v2/account", &[], account)];

fn account(call: &Call<'_>) -> Result<Answer, ApiError> {
    Answer::json(&call.app.world.account_view(call.extra))
}
