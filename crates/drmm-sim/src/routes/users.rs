//! Users of the account.

use crate::{
    answer::Answer,
    call::Call,
    data::user,
    error::ApiError,
    paging,
    query::{MAX, PAGE},
    route::Route,
};

pub(super) const ROUTES: &[Route] = &[Route::get("/v2/account/users", &[PAGE, MAX], users)];

fn users(call: &Call<'_>) -> Result<Answer, ApiError> {
    paging::page(call, "users", user::COUNT, |at| {
        call.app.world.user_view(at)
    })
}
