//! One request from beginning to end: token, quota, attempts, answer.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::account::{Account, Credential, not_connected};
use crate::call::Method;
use crate::error::{Error, ErrorKind};
use crate::gate::Permit;
use crate::job::Job;
use crate::quota::{Limits, Model, RateStatus};
use crate::retry::{self, Failure};
use crate::route::Route;
use crate::transport::{Authorization, Fault, Request, Response};

/// Where the server tells what it has counted.
const RATE_PATH: &str = "/api/v2/system/request_rate";

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The caller does not want it any more.
    Cancelled,
    /// It failed.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What is wrong with an answer's body.
#[derive(Debug)]
pub(crate) enum BodyFault {
    /// It ends too early: the same request may do better.
    Cut,
    /// It is wrong as it is.
    Wrong(Error),
}

/// A request to be made for somebody.
pub(crate) struct Exchange<'a> {
    pub(crate) account: &'a Arc<Account>,
    pub(crate) credential: &'a Arc<Credential>,
    pub(crate) job: &'a Arc<Job>,
    pub(crate) method: Method,
    pub(crate) route: &'a Route,
    pub(crate) body: Option<&'a str>,
}

struct Attempt {
    error: Error,
    failure: Failure,
    retry_after: Option<Duration>,
}

impl Exchange<'_> {
    /// Sends the request until it is answered well, or for good; `read` takes the body.
    pub(crate) fn run<T>(
        &self,
        read: impl FnMut(&[u8]) -> Result<T, BodyFault>,
    ) -> Result<T, Stop> {
        self.run_with(read, || {
            self.account.gate.pass(self.job, || self.calibrate())
        })
    }

    fn run_with<'p, T>(
        &self,
        mut read: impl FnMut(&[u8]) -> Result<T, BodyFault>,
        mut pass: impl FnMut() -> Option<Permit<'p>>,
    ) -> Result<T, Stop> {
        let mut attempt = 1;
        let mut renewed = false;
        let mut spent = Duration::ZERO;
        loop {
            let transport = self.account.transport();
            let token = self.credential.token(&transport, self.job)?;
            let permit = pass().ok_or(Stop::Cancelled)?;
            // The wait may have been long.
            if self.credential.is_closed() {
                permit.not_sent();
                return Err(not_connected().into());
            }
            let request = Request {
                method: self.method,
                path: self.route.as_str(),
                authorization: Authorization::Bearer(&token.secret),
                body: self
                    .body
                    .map(|body| ("application/json; charset=utf-8", body.as_bytes())),
            };
            let started = Instant::now();
            let sent = transport.send(&request, self.job);
            let failed = match sent {
                Ok(response) => {
                    drop(permit);
                    self.tell(&response, started);
                    if response.status == 401 && !renewed {
                        renewed = true;
                        self.credential.refused(token.number);
                        continue;
                    }
                    match self.judge(&response, &mut read) {
                        Ok(value) => return Ok(value),
                        Err(failed) => failed,
                    }
                }
                Err(Fault {
                    error,
                    failure,
                    sent,
                }) => {
                    if sent {
                        drop(permit);
                    } else {
                        permit.not_sent();
                    }
                    Attempt {
                        error,
                        failure,
                        retry_after: None,
                    }
                }
            };
            if self.job.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            spent += started.elapsed();
            attempt = self.pause_before_next(attempt, failed, &mut spent)?;
        }
    }

    /// Waits and gives the number of the next attempt, or the error for good.
    fn pause_before_next(
        &self,
        attempt: u32,
        failed: Attempt,
        spent: &mut Duration,
    ) -> Result<u32, Stop> {
        let (method, path) = (self.method.as_str(), self.route.as_str());
        let timeout = self.account.transport().timeout();
        let asked = failed.retry_after.unwrap_or_default().min(retry::LONGEST);
        let pause = retry::next_attempt(self.method, attempt, failed.failure, fastrand::f64())
            .map(|pause| pause.max(asked))
            .filter(|pause| retry::in_time(*spent + *pause, timeout));
        let Some(pause) = pause else {
            let mut error = retry::after(failed.error, attempt);
            if self.method != Method::Get && failed.failure == Failure::Unknown {
                let message =
                    format!("{error}; it was not repeated, since the server may have acted");
                error = error.with_message(message);
            }
            return Err(error.with_request(method, path).into());
        };
        let pause = match failed.error.kind() {
            // The whole bucket stops: the queue is where this one waits too.
            ErrorKind::RateLimited => {
                if let Some(pause) = self.account.gate.refused(failed.retry_after) {
                    self.job.warn(format!(
                        "the API's request limit was reached; all requests wait {:.1} s",
                        pause.as_secs_f64()
                    ));
                }
                Duration::ZERO
            }
            _ => pause,
        };
        *spent += pause;
        let (next, of) = (attempt + 1, retry::ATTEMPTS);
        let (error, ms) = (&failed.error, pause.as_millis());
        self.job.detail(format!(
            "{method} {path}: {error}; attempt {next} of {of} in {ms} ms"
        ));
        if self.job.sleep(pause) {
            Ok(next)
        } else {
            Err(Stop::Cancelled)
        }
    }

    fn judge<T>(
        &self,
        response: &Response,
        read: &mut impl FnMut(&[u8]) -> Result<T, BodyFault>,
    ) -> Result<T, Attempt> {
        let host = self.account.origin.host();
        let (kind, message, failure) = match response.status {
            200..=299 => {
                if self.method == Method::Get
                    && self.route.path().trim_end_matches('/') == RATE_PATH
                {
                    self.learn(&response.body);
                }
                match read(&response.body) {
                    Ok(value) => return Ok(value),
                    Err(BodyFault::Cut) => (
                        ErrorKind::Malformed,
                        format!("the answer of {host} ends too early"),
                        Failure::Unknown,
                    ),
                    Err(BodyFault::Wrong(_)) if response.html || is_markup(&response.body) => {
                        let message = format!(
                            "{host} answered with an HTML page in place of data, perhaps for maintenance"
                        );
                        (ErrorKind::Malformed, message, Failure::Unknown)
                    }
                    Err(BodyFault::Wrong(error)) => {
                        // It said that it is done; who wrote must know that it may be.
                        let failure = match self.method {
                            Method::Get => Failure::Final,
                            _ => Failure::Unknown,
                        };
                        return Err(Attempt {
                            error,
                            failure,
                            retry_after: None,
                        });
                    }
                }
            }
            401 => {
                let message =
                    format!("{host} does not accept a fresh token; has the API key been disabled?");
                (ErrorKind::Authentication, message, Failure::Final)
            }
            403 => (
                ErrorKind::Forbidden,
                self.said("this API key may not do that (403)"),
                Failure::Final,
            ),
            404 => (
                ErrorKind::NotFound,
                self.said("not found (404)"),
                Failure::Final,
            ),
            409 => (
                ErrorKind::Conflict,
                self.said("the server sees a conflict (409)"),
                Failure::Final,
            ),
            429 => (
                ErrorKind::RateLimited,
                format!("{host} says that the request limit is reached"),
                Failure::NotDone,
            ),
            500..=599 => (
                ErrorKind::Server,
                format!("{host} answered {}", response.status),
                Failure::Unknown,
            ),
            300..=399 => (
                ErrorKind::Rejected,
                self.said("the server redirects, which is not followed"),
                Failure::Final,
            ),
            _ => (
                ErrorKind::Rejected,
                self.said(&format!(
                    "the server does not accept the request ({})",
                    response.status
                )),
                Failure::Final,
            ),
        };
        let error = Error::new(kind, message)
            .with_status(response.status)
            .with_retry_after(response.retry_after);
        Err(Attempt {
            error,
            failure,
            retry_after: response.retry_after,
        })
    }

    /// «not found (404): GET /api/v2/device/0815».
    fn said(&self, what: &str) -> String {
        format!("{what}: {} {}", self.method.as_str(), self.route.as_str())
    }

    fn tell(&self, response: &Response, started: Instant) {
        let usage = self.account.gate.usage();
        self.job.detail(format!(
            "{} {}: {} in {} ms, {} bytes; quota {} of {} in {} s",
            self.method.as_str(),
            self.route.as_str(),
            response.status,
            started.elapsed().as_millis(),
            response.body.len(),
            usage.own + usage.others,
            usage.allowed,
            usage.limits.window.as_secs_f64(),
        ));
    }

    /// Asks the server what it has counted, on a thread of its own beside the requests that wait.
    fn calibrate(&self) {
        let (account, credential) = (Arc::clone(self.account), Arc::clone(self.credential));
        let work = move || {
            let asked = catch_unwind(AssertUnwindSafe(|| ask_for_rate(&account, &credential)));
            if !matches!(asked, Ok(Ok(()))) {
                account.gate.calibrated(None);
            }
        };
        let spawned = std::thread::Builder::new()
            .name("drmm-quota".into())
            .spawn(work);
        if spawned.is_err() {
            self.account.gate.calibration_permit().not_sent();
            self.account.gate.calibrated(None);
        }
    }

    fn learn(&self, body: &[u8]) {
        let status = serde_json::from_slice::<RateAnswer>(body)
            .ok()
            .and_then(|answer| answer.status());
        self.account.gate.calibrated(status);
    }
}

/// Whether a body that is not JSON is a page for people, whatever its type says.
fn is_markup(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

/// One attempt and no more: the queue may be shut until it ends, so it must not wait there.
fn ask_for_rate(account: &Arc<Account>, credential: &Arc<Credential>) -> Result<(), Stop> {
    let mut place = Some(account.gate.calibration_permit());
    let exchange = Exchange {
        account,
        credential,
        job: &Arc::default(),
        method: Method::Get,
        route: &Route::new("v2/system/request_rate", None, &[])?,
        body: None,
    };
    exchange.run_with(|_| Ok(()), || place.take())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RateAnswer {
    sliding_time_window_size_seconds: f64,
    account_count: u32,
    account_rate_limit: u32,
    account_cut_off_ratio: f64,
    /// Empty or absent in the legacy model.
    operation_write_status: Option<HashMap<String, IgnoredAny>>,
}

impl RateAnswer {
    /// `None` if the numbers make no sense: then what was known holds.
    fn status(&self) -> Option<RateStatus> {
        let sane = (0.001..=86_400.0).contains(&self.sliding_time_window_size_seconds)
            && self.account_rate_limit > 0
            && (0.0..=1.0).contains(&self.account_cut_off_ratio)
            && self.account_cut_off_ratio > 0.0;
        let operations = self
            .operation_write_status
            .as_ref()
            .is_some_and(|found| !found.is_empty());
        sane.then(|| RateStatus {
            model: if operations {
                Model::Modern
            } else {
                Model::Legacy
            },
            limits: Limits {
                limit: self.account_rate_limit,
                window: Duration::from_secs_f64(self.sliding_time_window_size_seconds),
                cutoff: self.account_cut_off_ratio,
            },
            count: self.account_count,
        })
    }
}
