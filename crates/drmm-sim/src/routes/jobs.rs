//! Quick jobs: one component on one device, and what came of it.

use serde_json::{Value, json};

use super::devices::named_device;
use crate::{
    answer::Answer,
    call::Call,
    data::{activity::Deed, component::Component, job::Outcome},
    document::Document,
    error::{ApiError, now_ms},
    jobs::{Job, Order, Phase},
    operation::Operation,
    paging,
    query::{MAX, PAGE},
    route::Route,
};

pub(super) const ROUTES: &[Route] = &[
    Route::put(
        "/v2/device/{deviceUid}/quickjob",
        Operation::DeviceJobCreate,
        create,
    ),
    Route::get("/v2/job/{jobUid}", &[], |call| {
        Answer::json(&job_view(call, &named_job(call)?))
    }),
    Route::get("/v2/job/{jobUid}/components", &[PAGE, MAX], components),
    Route::get("/v2/job/{jobUid}/results/{deviceUid}", &[], results),
    Route::get("/v2/job/{jobUid}/results/{deviceUid}/stdout", &[], |call| {
        output(call, standard_output)
    }),
    Route::get("/v2/job/{jobUid}/results/{deviceUid}/stderr", &[], |call| {
        output(call, standard_error)
    }),
];

fn create(call: &Call<'_>) -> Result<Answer, ApiError> {
    let device = named_device(call)?;
    let mut document = Document::read(call.headers, call.body)?;
    let name = document.needed_text("jobName")?;
    let mut wanted = document.needed_object("jobComponent")?;
    document.end()?;
    if name.is_empty() {
        return Err(ApiError::bad_request("jobName is empty"));
    }
    let uid = wanted.needed_text("componentUid")?;
    let given = wanted.objects("variables")?;
    wanted.end()?;
    let index = call
        .app
        .world
        .component(&uid)
        .ok_or_else(|| ApiError::bad_request("no such component"))?;
    let variables = variables(Component::at(index), given)?;
    // Nothing runs where no agent is, or where it cannot be reached.
    let runs = device.online && device.model().has_agent();
    let order = Order {
        name,
        device: device.index,
        component: index,
        variables,
        takes: runs.then(|| call.app.settings().job),
    };
    let job = call.app.jobs.create(order, call.app.now(), now_ms());
    let details = json!({ "job_name": job.name, "job_uid": job.uid, "start_time": job.created_ms });
    let site = call.app.state.site_of(device);
    call.app
        .activities
        .add(Deed::Job, device.index, site, &details);
    Answer::json(&json!({
        "jobComponents": [component_view(call, &job)],
        "job": job_view(call, &job),
    }))
}

/// The component's variables with the values given; one that is not given, or null, has its default.
fn variables(
    component: &Component,
    given: Vec<Document>,
) -> Result<Vec<(&'static str, String)>, ApiError> {
    let mut values: Vec<Option<String>> = vec![None; component.variables.len()];
    for mut item in given {
        let name = item.needed_text("name")?;
        let value = item.text("value")?;
        item.end()?;
        let at = component
            .variables
            .iter()
            .position(|variable| variable.name == name)
            .ok_or_else(|| ApiError::bad_request("the component has no such variable"))?;
        let variable = &component.variables[at];
        if !value.as_deref().is_none_or(|value| variable.takes(value)) {
            return Err(ApiError::bad_request(
                "a variable has a value of the wrong type",
            ));
        }
        values[at] = value;
    }
    let named = component
        .variables
        .iter()
        .zip(values)
        .map(|(variable, value)| {
            let value = value.unwrap_or_else(|| variable.default.to_owned());
            (variable.name, value)
        });
    Ok(named.collect())
}

fn components(call: &Call<'_>) -> Result<Answer, ApiError> {
    let job = named_job(call)?;
    paging::page(call, "jobComponents", 1, |_| component_view(call, &job))
}

fn results(call: &Call<'_>) -> Result<Answer, ApiError> {
    let job = job_of_device(call)?;
    let now = call.app.now();
    let component = Component::at(job.component);
    let outcome = component.outcome();
    let status = match (job.phase(now), outcome) {
        (Phase::Pending, _) => "Pending",
        (Phase::Running, _) => "Running",
        (Phase::Done, Outcome::Success) => "Success",
        (Phase::Done, Outcome::Warning) => "Warning",
        (Phase::Done, Outcome::Failure) => "Failure",
    };
    let failed = outcome == Outcome::Failure;
    let result = json!({
        "componentUid": call.app.world.component_uid(job.component),
        "componentName": component.name,
        "componentStatus": if failed { "Failure" } else { "Success" },
        "numberOfWarnings": u8::from(outcome == Outcome::Warning),
        "hasStdOut": standard_output(call, &job).is_some(),
        "hasStdErr": standard_error(call, &job).is_some(),
    });
    // What is neither a success nor a failure yet is no result.
    let results = if job.phase(now) == Phase::Done {
        vec![result]
    } else {
        Vec::new()
    };
    Answer::json(&json!({
        "jobUid": job.uid,
        "deviceUid": call.app.world.devices[job.device as usize].uid,
        "ranOn": job.ran_on(now),
        "jobDeploymentStatus": status,
        "componentResults": results,
    }))
}

/// What the component has written, once it is through; before that, and without any, nothing.
fn output(
    call: &Call<'_>,
    text: fn(&Call<'_>, &Job) -> Option<String>,
) -> Result<Answer, ApiError> {
    let job = job_of_device(call)?;
    let done = job.phase(call.app.now()) == Phase::Done;
    let text = text(call, &job).filter(|_| done);
    let item = text.map(|text| {
        json!({
            "componentUid": call.app.world.component_uid(job.component),
            "componentName": Component::at(job.component).name,
            "stdData": text,
        })
    });
    Answer::json(&item.into_iter().collect::<Vec<_>>())
}

fn standard_output(call: &Call<'_>, job: &Job) -> Option<String> {
    let world = &call.app.world;
    let device = &world.devices[job.device as usize];
    let mut text = format!(
        "Ausführung von \"{}\" auf ",
        Component::at(job.component).name
    );
    device.write_hostname(world.sites.at(device.site).code, &mut text);
    text.push_str("\r\n");
    for (name, value) in &job.variables {
        text.push_str(&format!("{name}={value}\r\n"));
    }
    Some(text)
}

fn standard_error(_: &Call<'_>, job: &Job) -> Option<String> {
    let failed = Component::at(job.component).outcome() == Outcome::Failure;
    failed.then(|| "Fehler: Der Vorgang wurde abgebrochen.\r\nexit code 1\r\n".to_owned())
}

fn named_job(call: &Call<'_>) -> Result<Job, ApiError> {
    let job = call.app.jobs.find(call.capture(0));
    job.ok_or_else(|| ApiError::not_found("job"))
}

/// The job that the path names, if it is one on the device that the path names.
fn job_of_device(call: &Call<'_>) -> Result<Job, ApiError> {
    let job = named_job(call)?;
    let device = call.app.world.device(call.capture(1));
    device
        .filter(|device| device.index == job.device)
        .map(|_| job)
        .ok_or_else(|| ApiError::not_found("device in this job"))
}

fn job_view(call: &Call<'_>, job: &Job) -> Value {
    let done = job.phase(call.app.now()) == Phase::Done;
    json!({
        "id": job.id,
        "dateCreated": job.created_ms,
        "name": job.name,
        "uid": job.uid,
        "status": if done { "completed" } else { "active" },
    })
}

fn component_view(call: &Call<'_>, job: &Job) -> Value {
    let variables: Vec<_> = job
        .variables
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    json!({
        "uid": call.app.world.component_uid(job.component),
        "name": Component::at(job.component).name,
        "variables": variables,
    })
}
