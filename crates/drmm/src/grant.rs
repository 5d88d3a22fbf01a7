//! The password grant: how a token is asked for, and what the answers mean.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use zeroize::Zeroize;

use crate::call::Method;
use crate::error::{Error, ErrorKind};
use crate::exchange::Stop;
use crate::job::Job;
use crate::options::Origin;
use crate::retry::{Attempts, Failure};
use crate::route::form;
use crate::secret::Secret;
use crate::transport::{Authorization, Request, Response, Transport};

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Secret,
    expires_in: Option<f64>,
}

/// A new token and how long it lives. The grant is form-encoded, both parts URL-encoded; it changes
/// nothing on the server, so it is repeated like a read. `pause` waits before each attempt, and says
/// so if none is wanted any more.
pub(crate) fn fetch(
    transport: &Transport,
    key: &str,
    secret: &Secret,
    job: &Arc<Job>,
    pause: impl Fn(Duration) -> Result<(), Stop>,
) -> Result<(Secret, Duration), Stop> {
    const PATH: &str = "/auth/oauth/token";
    let form = form(&[
        ("grant_type", "password"),
        ("username", key),
        ("password", secret.expose()),
    ]);
    let request = Request {
        method: Method::Post,
        path: PATH,
        authorization: Authorization::PublicClient,
        body: Some(("application/x-www-form-urlencoded", form.as_bytes())),
    };
    let (mut attempts, mut rest) = (Attempts::first(), Duration::ZERO);
    loop {
        pause(rest)?;
        let started = Instant::now();
        let mut sent = transport.send(&request, job);
        if job.is_cancelled() {
            if let Ok(response) = &mut sent {
                response.body.zeroize();
            }
            return Err(Stop::Cancelled);
        }
        let (error, failure, retry_after) = match sent {
            Ok(mut response) => {
                let ms = started.elapsed().as_millis();
                job.detail(format!("POST {PATH}: {} in {ms} ms", response.status));
                let read = read(&response, transport.origin());
                response.body.zeroize();
                match read {
                    Ok(token) => return Ok(token),
                    Err((error, failure)) => (error, failure, response.retry_after),
                }
            }
            Err(fault) => (fault.error, fault.failure, None),
        };
        let next = attempts.next(
            Method::Get,
            failure,
            started.elapsed(),
            retry_after,
            transport.timeout(),
            fastrand::f64(),
        );
        let Some(next) = next else {
            let error = attempts.error(error);
            return Err(error.with_request(Method::Post.as_str(), PATH).into());
        };
        let text = attempts.text(&error, next);
        job.detail(format!("POST {PATH}: {text}"));
        rest = next;
    }
}

fn read(response: &Response, origin: &Origin) -> Result<(Secret, Duration), (Error, Failure)> {
    let host = origin.host();
    let fail = |kind, message: String, failure| {
        let error = Error::new(kind, message)
            .with_status(response.status)
            .with_retry_after(response.retry_after);
        Err((error, failure))
    };
    match response.status {
        200 => match serde_json::from_slice::<TokenAnswer>(&response.body) {
            // A number that is none would make the token outlive the clock.
            Ok(answer) => {
                let lifetime = answer
                    .expires_in
                    .filter(|life| (0.0..1e9).contains(life))
                    .unwrap_or(360_000.0);
                Ok((answer.access_token, Duration::from_secs_f64(lifetime)))
            }
            Err(_) => {
                let failure = if response.html {
                    Failure::Unknown
                } else {
                    Failure::Final
                };
                fail(
                    ErrorKind::Malformed,
                    format!("the token endpoint of {host} did not answer with a token"),
                    failure,
                )
            }
        },
        400 | 401 => fail(
            ErrorKind::Authentication,
            format!("the API key was not accepted by {host}"),
            Failure::Final,
        ),
        403 => fail(
            // A key that is wrong gets 400: here it is the address that is not wanted.
            ErrorKind::Blocked,
            format!("{host} refuses this address (403)"),
            Failure::Final,
        ),
        429 => fail(
            ErrorKind::RateLimited,
            format!("{host} is handing out no tokens for now (429)"),
            Failure::Unknown,
        ),
        status @ 500..=599 => fail(
            ErrorKind::Server,
            format!("the token endpoint of {host} answered {status}"),
            Failure::Unknown,
        ),
        300..=399 => fail(
            ErrorKind::Rejected,
            format!(
                "{}; is the API URL right?",
                response.redirected(&format!("the token endpoint of {host}"))
            ),
            Failure::Final,
        ),
        status => fail(
            ErrorKind::Rejected,
            format!("the token endpoint of {host} answered {status}; is the API URL right?"),
            Failure::Final,
        ),
    }
}
