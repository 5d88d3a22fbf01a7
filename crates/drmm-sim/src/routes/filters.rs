//! Device filters.

use super::sites::named_site;
use crate::{
    answer::Answer,
    call::Call,
    data::filter::{self, Kind, Named},
    error::ApiError,
    paging,
    query::{MAX, PAGE},
    route::Route,
};

pub(super) const ROUTES: &[Route] = &[
    Route::get("/v2/filter/default-filters", &[PAGE, MAX], |call| {
        page(call, &filter::of_kind(Kind::Default))
    }),
    Route::get("/v2/filter/custom-filters", &[PAGE, MAX], |call| {
        page(call, &filter::of_kind(Kind::Custom))
    }),
    Route::get("/v2/site/{siteUid}/filters", &[PAGE, MAX], |call| {
        page(call, &call.app.world.filters_of(named_site(call)?.index))
    }),
];

fn page(call: &Call<'_>, filters: &[Named]) -> Result<Answer, ApiError> {
    paging::page(call, "filters", filters.len(), |at| {
        call.app.world.filter_view(filters[at])
    })
}
