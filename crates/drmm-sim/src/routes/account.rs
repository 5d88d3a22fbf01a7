//! The account itself.

use crate::{answer::Answer, call::Call, error::ApiError, route::Route};

pub(super) const ROUTES: &[Route] = &[Route::get("/v2/account", &[], account)];

fn account(call: &Call<'_>) -> Result<Answer, ApiError> {
    let app = call.app;
    let sites = app.world.sites.all();
    let on_demand = sites.iter().filter(|site| site.details.on_demand);
    let on_demand = on_demand.map(|site| app.state.devices_of(site).len()).sum();
    Answer::json(&app.world.account_view(on_demand, call.extra))
}
