//! Components.

use crate::{
    answer::Answer,
    call::Call,
    data::component::COMPONENTS,
    error::ApiError,
    paging,
    query::{MAX, PAGE},
    route::Route,
};

pub(super) const ROUTES: &[Route] = &[Route::get(
    "/v2/account/components",
    &[PAGE, MAX],
    components,
)];

fn components(call: &Call<'_>) -> Result<Answer, ApiError> {
    paging::page(call, "components", COMPONENTS.len(), |at| {
        let index = u32::try_from(at).unwrap_or_default();
        call.app.world.component_view(index, call.extra)
    })
}
