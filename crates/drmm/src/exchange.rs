//! One request from beginning to end: token, quota, attempts, answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::call::Method;
use crate::credential::{Credential, not_connected};
use crate::error::{Error, ErrorKind};
use crate::fault::Fault;
use crate::gate::Refusal;
use crate::job::Job;
use crate::operation::Access;
use crate::permit::Permit;
use crate::quota::{RateStatus, Report};
use crate::rate_request::{calibrate, is_rate};
use crate::retry::{Attempts, Failure};
use crate::route::Route;
use crate::token::Token;
use crate::transport::{Authorization, Request, Response, Transport};

/// What anybody may read.
const STATUS_PATH: &str = "/api/v2/system/status";

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
    pub(crate) transport: &'a Arc<Transport>,
    pub(crate) job: &'a Arc<Job>,
    pub(crate) method: Method,
    pub(crate) route: &'a Route,
    pub(crate) body: Option<&'a str>,
    /// Whether what failed is tried again.
    pub(crate) patient: bool,
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
        let since = Instant::now();
        self.credential.employs(self.job);
        self.run_with(read, || {
            self.account
                .gate
                .pass(self.access(), since, self.job, |sent| calibrate(self, sent))
                .map_err(|refusal| self.stop(refusal))
        })
    }

    pub(crate) fn run_with<'p, T>(
        &self,
        mut read: impl FnMut(&[u8]) -> Result<T, BodyFault>,
        mut pass: impl FnMut() -> Result<Permit<'p>, Stop>,
    ) -> Result<T, Stop> {
        let mut attempts = Attempts::first();
        let mut renewed = false;
        let token = || {
            self.account
                .token(self.credential, self.transport, self.job)
        };
        loop {
            // Whoever has none yet does not hold a place while it is fetched, and whoever waits for a
            // place does not hold a token: it may be replaced meanwhile, or wiped.
            drop(token()?);
            let permit = pass()?;
            let token = match token() {
                Ok(token) => token,
                Err(stop) => {
                    permit.not_sent();
                    return Err(stop);
                }
            };
            let started = Instant::now();
            let failed = match self.transport.send(&self.request(&token), self.job) {
                Ok(response) => {
                    self.tell(&response, started);
                    let refused = response.status == 429;
                    if refused {
                        self.was_refused(permit, &response);
                    } else {
                        self.was_answered(permit, &response, &token)?;
                    }
                    if self.job.is_cancelled() {
                        return Err(Stop::Cancelled);
                    }
                    if refused {
                        // It waits in the queue with all the others, and no attempt is used up.
                        continue;
                    }
                    if response.status == 401 && !renewed {
                        renewed = true;
                        self.credential.refused(token.number);
                        continue;
                    }
                    match self.judge(&response, started, &mut read) {
                        Ok(value) => {
                            self.job.give_room(response.body);
                            return Ok(value);
                        }
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
            if !self.patient {
                let (method, path) = (self.method.as_str(), self.route.as_str());
                return Err(failed.error.with_request(method, path).into());
            }
            drop(token);
            self.pause_before_next(&mut attempts, failed, started.elapsed())?;
        }
    }

    fn request<'r>(&'r self, token: &'r Token) -> Request<'r> {
        Request {
            method: self.method,
            path: self.route.as_str(),
            authorization: Authorization::Bearer(&token.secret),
            body: self
                .body
                .map(|body| ("application/json; charset=utf-8", body.as_bytes())),
        }
    }

    fn access(&self) -> Access {
        Access::of(self.method, self.route)
    }

    /// Why the gate did not let the request pass, for the caller.
    fn stop(&self, refusal: Refusal) -> Stop {
        let host = self.account.origin.host();
        let error = match refusal {
            Refusal::Cancelled if self.job.is_cancelled() => return Stop::Cancelled,
            Refusal::Cancelled => return not_connected().into(),
            Refusal::Blocked(left) => self.account.blocked(left),
            Refusal::GivenUp(waited) => {
                let minutes = waited.as_secs_f64() / 60.0;
                let message = format!(
                    "{host} has refused every such request for {minutes:.1} min, since its request limit is \
                     reached; others must be using all of it"
                );
                Error::new(ErrorKind::RateLimited, message).with_status(429)
            }
        };
        error
            .with_request(self.method.as_str(), self.route.as_str())
            .into()
    }

    fn was_refused(&self, permit: Permit<'_>, response: &Response) {
        if let Some(pause) = permit.refused(response.retry_after) {
            self.job.warn(format!(
                "the API's request limit is reached; such requests wait {:.1} s",
                pause.as_secs_f64()
            ));
        }
    }

    /// Gives the place back, unless the answer is a block of this address.
    fn was_answered(
        &self,
        permit: Permit<'_>,
        response: &Response,
        token: &Token,
    ) -> Result<(), Stop> {
        if response.status != 403 {
            permit.answered();
            return Ok(());
        }
        // The API's own «forbidden» is JSON; what blocks an address stands before the API.
        let odd = !matches!(response.body.trim_ascii_start().first(), Some(b'{' | b'['));
        let ask = |place: Permit<'_>| self.is_refused_elsewhere(place, token);
        let gate = &self.account.gate;
        match gate.is_block(odd, response.retry_after, self.job, ask) {
            Some(true) => {
                let left = permit.blocked(response.retry_after);
                Err(self.stop(Refusal::Blocked(left)))
            }
            Some(false) => {
                permit.answered();
                Ok(())
            }
            // What it would have found out, the next one finds out.
            None => Err(Stop::Cancelled),
        }
    }

    /// Whether a path that anybody may read answers 403 as well; `None` if the caller was cancelled.
    fn is_refused_elsewhere(&self, place: Permit<'_>, token: &Token) -> Option<bool> {
        let request = Request {
            method: Method::Get,
            path: STATUS_PATH,
            authorization: Authorization::Bearer(&token.secret),
            body: None,
        };
        match self.transport.send(&request, self.job) {
            Ok(response) => {
                let blocked = response.status == 403;
                match response.status {
                    403 => drop(place),
                    429 => self.was_refused(place, &response),
                    _ => place.answered(),
                }
                self.job
                    .detail(format!("GET {STATUS_PATH}: {}", response.status));
                Some(blocked)
            }
            Err(_) if self.job.is_cancelled() => None,
            // Not an answer of any kind: the 403 is taken for what it says.
            Err(fault) => {
                self.job
                    .detail(format!("GET {STATUS_PATH}: {}", fault.error));
                Some(false)
            }
        }
    }

    /// Waits before the next attempt, or gives the error for good.
    fn pause_before_next(
        &self,
        attempts: &mut Attempts,
        failed: Attempt,
        took: Duration,
    ) -> Result<(), Stop> {
        let (method, path) = (self.method.as_str(), self.route.as_str());
        let pause = attempts.next(
            self.method,
            failed.failure,
            took,
            failed.retry_after,
            self.transport.timeout(),
            fastrand::f64(),
        );
        let Some(pause) = pause else {
            let mut error = attempts.error(failed.error);
            if self.method != Method::Get && failed.failure == Failure::Unknown {
                let message = format!(
                    "{error}; {method} {path} was not repeated, since the server may have acted"
                );
                error = error.with_message(message);
            }
            return Err(error.with_request(method, path).into());
        };
        let text = attempts.text(&failed.error, pause);
        self.job.detail(format!("{method} {path}: {text}"));
        self.credential.pause(pause, self.job)
    }

    fn judge<T>(
        &self,
        response: &Response,
        started: Instant,
        read: &mut impl FnMut(&[u8]) -> Result<T, BodyFault>,
    ) -> Result<T, Attempt> {
        let host = self.account.origin.host();
        let (kind, message, failure) = match response.status {
            // Before it is read: as text it would pass for what was asked for.
            200..=299 if is_page(response) => {
                let message = format!(
                    "{host} answered with an HTML page in place of data, perhaps for maintenance"
                );
                (ErrorKind::Malformed, message, Failure::Unknown)
            }
            200..=299 => {
                if self.method == Method::Get && is_rate(self.route) {
                    let status = RateStatus::from_json(&response.body).map(|status| RateStatus {
                        asked: Some(started),
                        ..status
                    });
                    let report = status.as_ref().map_or(Report::Declined, Report::Told);
                    self.account.gate.calibrated(report);
                }
                match read(&response.body) {
                    Ok(value) => return Ok(value),
                    Err(BodyFault::Cut) => (
                        ErrorKind::Malformed,
                        format!("the answer of {host} ends too early"),
                        Failure::Unknown,
                    ),
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
            500..=599 => (
                ErrorKind::Server,
                format!("{host} answered {}", response.status),
                Failure::Unknown,
            ),
            300..=399 => (
                ErrorKind::Rejected,
                self.said(&response.redirected("the server")),
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
        self.job.detail(format!(
            "{} {}: {} in {} ms, {} bytes; {}",
            self.method.as_str(),
            self.route.as_str(),
            response.status,
            started.elapsed().as_millis(),
            response.body.len(),
            self.account.gate.text(self.access()),
        ));
    }
}

/// Whether an answer is a page for people: markup whatever its type says, or what says that it is
/// and is no JSON either. An answer without a body is none.
fn is_page(response: &Response) -> bool {
    match start(&response.body) {
        None => false,
        Some(first) => first == b'<' || (response.html && !begins_like_json(&response.body)),
    }
}

/// Whether a body means to be an object or an array, as all answers of the API do that say anything.
pub(crate) fn begins_like_json(body: &[u8]) -> bool {
    matches!(start(body), Some(b'{' | b'['))
}

/// The first byte that says anything.
fn start(body: &[u8]) -> Option<u8> {
    let body = body.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(body);
    body.trim_ascii_start().first().copied()
}
