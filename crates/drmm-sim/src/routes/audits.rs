//! Audits of devices, ESXi hosts and printers.

use super::devices::named_device;
use crate::{
    answer::Answer,
    call::Call,
    data::Device,
    error::ApiError,
    paging,
    query::{MAX, PAGE},
    route::Route,
};

pub(super) const ROUTES: &[Route] = &[
    Route::get("/v2/audit/device/{deviceUid}", &[], |call| {
        let device = of_class(named_device(call)?, "device")?;
        let change = call.app.state.device(device.index);
        Answer::json(&call.app.world.device_audit(device.index, change))
    }),
    Route::get("/v2/audit/device/macAddress/{macAddress}", &[], by_mac),
    Route::get(
        "/v2/audit/device/{deviceUid}/software",
        &[PAGE, MAX],
        software,
    ),
    Route::get("/v2/audit/esxihost/{deviceUid}", &[], |call| {
        let device = of_class(named_device(call)?, "esxihost")?;
        let change = call.app.state.device(device.index);
        Answer::json(&call.app.world.esxi_audit(device.index, change))
    }),
    Route::get("/v2/audit/printer/{deviceUid}", &[], |call| {
        let device = of_class(named_device(call)?, "printer")?;
        let change = call.app.state.device(device.index);
        Answer::json(&call.app.world.printer_audit(device.index, change))
    }),
];

/// The description has 400 for a device that is there but of another class.
fn of_class<'a>(device: &'a Device, class: &str) -> Result<&'a Device, ApiError> {
    if device.model().class == class {
        Ok(device)
    } else {
        Err(ApiError::bad_request(format!("the device is no {class}")))
    }
}

fn by_mac(call: &Call<'_>) -> Result<Answer, ApiError> {
    let world = &call.app.world;
    let found = world
        .device_by_mac(call.capture(0))
        .ok_or_else(|| ApiError::not_found("device"))?;
    let device = of_class(found, "device")?;
    let change = call.app.state.device(device.index);
    Answer::json(&[world.device_audit(device.index, change)])
}

fn software(call: &Call<'_>) -> Result<Answer, ApiError> {
    let device = of_class(named_device(call)?, "device")?;
    let world = &call.app.world;
    let count = world.software_count(device.index);
    paging::page(call, "software", count, |at| {
        world.software(device.index, at)
    })
}
