//! Sessions: what a caller holds.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::account::Account;
use crate::call::{Call, Form, Method};
use crate::credential::{Credential, not_connected};
use crate::decode::Decoder;
use crate::error::{Error, ErrorKind};
use crate::options::{Keys, Options};
use crate::pages::PagePlan;
use crate::plan::Plan;
use crate::quota::Model;
use crate::stream::{Order, Stream};
use crate::sync::lock;
use crate::transport::{Settings, Transport};

/// A connection to one account. All sessions of an account in this process share its token and its
/// quota, those with the same settings their connections too; dropping the session disconnects it.
#[derive(Debug)]
pub struct Session {
    account: Arc<Account>,
    credential: Arc<Credential>,
    /// `None` once it is disconnected.
    transport: Mutex<Option<Arc<Transport>>>,
    pages: usize,
}

impl Session {
    /// Opens a session; nothing is sent yet.
    ///
    /// # Errors
    /// `InvalidArgument` if the proxy is not a URL, or the user agent not printable; `System` if there are no random numbers.
    pub fn connect(options: &Options) -> Result<Self, Error> {
        // Checked first: an account that nobody can reach is not kept.
        let settings = Settings::of(options)?;
        let account = Account::of(options)?;
        let transport = account.transport(settings);
        let credential = account.open(&options.keys);
        Ok(Self {
            account,
            credential,
            transport: Mutex::new(Some(transport)),
            pages: options.pages,
        })
    }

    /// A stream that ends when there is a token, the one that was there or a new one. It gives no
    /// batch.
    ///
    /// # Errors
    /// `NotConnected` after [`Session::disconnect`].
    pub fn login<D: Decoder>(&self, decoder: D) -> Result<Stream<D>, Error> {
        self.start(
            Method::Get,
            None,
            Form::Objects,
            false,
            Plan::Token {
                asked: false,
                ended: false,
            },
            decoder,
        )
    }

    /// A stream of one batch, whose one item is the text of a new access token for `keys`, fetched
    /// on this session's way to the server. Nobody else uses it, and it is not kept.
    ///
    /// # Errors
    /// `NotConnected` after [`Session::disconnect`].
    pub fn token<D: Decoder>(&self, keys: Keys, decoder: D) -> Result<Stream<D>, Error> {
        let plan = Plan::Grant {
            keys,
            asked: false,
            given: false,
        };
        self.start(Method::Get, None, Form::Objects, false, plan, decoder)
    }

    /// A stream of one batch: the answer of one request.
    ///
    /// # Errors
    /// `NotConnected` after [`Session::disconnect`]; `InvalidArgument` and `Document` if the path
    /// is not acceptable.
    pub fn request<D: Decoder>(&self, call: Call, decoder: D) -> Result<Stream<D>, Error> {
        let paged =
            call.items.is_some() || call.page_size.is_some() || !call.json_fields.is_empty();
        if paged || call.cursor || call.pages.is_some() {
            return Err(Error::new(
                ErrorKind::Document,
                "items, pageSize, cursor, pages and jsonFields belong to a paged call",
            ));
        }
        if call.fields.is_some() && call.answer == Form::Text {
            return Err(Error::new(
                ErrorKind::Document,
                "an answer that is read as text has no fields",
            ));
        }
        let plan = Plan::One {
            route: Some(call.route()?),
            given: false,
        };
        self.start(
            call.method,
            call.body,
            call.answer,
            call.once,
            plan,
            decoder,
        )
    }

    /// A stream of pages, in order.
    ///
    /// # Errors
    /// As [`Session::request`]; `Document` too if the call is not a read or names no items.
    pub fn paginate<D: Decoder>(&self, call: Call, decoder: D) -> Result<Stream<D>, Error> {
        let wrong = |message| Err(Error::new(ErrorKind::Document, message));
        if call.method != Method::Get || call.body.is_some() || call.answer == Form::Text {
            return wrong("a paged call is a GET without a body, read as objects");
        }
        if call.cursor && (call.page_size.is_some() || call.pages.is_some()) {
            return wrong("pages without numbers have no pageSize and are not read side by side");
        }
        let (route, size) = (call.route()?, call.page_size()?);
        let side_by_side = call.side_by_side(self.pages)?;
        let Some(items) = call.items else {
            return wrong("a paged call needs the name of the field that holds its items");
        };
        let origin = self.account.origin.clone();
        let plan = if call.cursor {
            PagePlan::by_cursor(origin, &route)
        } else {
            PagePlan::new(origin, &route, size, side_by_side)
        };
        self.start(
            Method::Get,
            None,
            Form::Objects,
            call.once,
            Plan::Pages {
                items,
                folded: call.json_fields,
                plan: Box::new(plan),
            },
            decoder,
        )
    }

    /// The state of the session, as one object: where it leads, when its token expires (Unix ms),
    /// and its quota, bucket by bucket (requests per window).
    pub fn describe(&self) -> Value {
        let usage = self.account.gate.usage();
        let (now, today) = (Instant::now(), unix_ms());
        let ago = |at: Instant| today - ms(now.saturating_duration_since(at));
        let ahead = |at: Instant| today + ms(at.saturating_duration_since(now));
        let buckets: Vec<Value> = usage
            .buckets
            .iter()
            .map(|bucket| {
                let all = bucket.own.saturating_add(bucket.others);
                json!({
                    "name": bucket.name,
                    "limit": bucket.limit,
                    "allowed": bucket.allowed,
                    "used": bucket.own,
                    "usedByOthers": bucket.others,
                    "usedByAll": all,
                    "remaining": bucket.remaining,
                    "waiting": bucket.waiting,
                    "stoppedUntil": bucket.stopped_until.map(ahead),
                })
            })
            .collect();
        json!({
            "url": self.account.origin.as_str(),
            "connected": lock(&self.transport).is_some(),
            "tokenExpires": self.credential.time_left().map(|time| today + ms(time)),
            "model": usage.model.map(Model::name),
            "windowSeconds": usage.window.as_secs_f64(),
            "cutOffRatio": usage.cutoff,
            "sent": usage.sent,
            "calibrations": usage.calibrations,
            "lastCalibration": usage.calibrated.map(ago),
            "blockedUntil": usage.blocked_until.map(ahead),
            "buckets": buckets,
        })
    }

    /// Closes the session; the last one of a key and secret wipes secret and token, and the last one
    /// with the same settings closes its connections, whose buffers are wiped. Streams that
    /// are under way end with `NotConnected` when they need a token that is not there any more.
    pub fn disconnect(&self) {
        if lock(&self.transport).take().is_some() {
            self.credential.leave();
        }
    }

    fn start<D: Decoder>(
        &self,
        method: Method,
        body: Option<String>,
        form: Form,
        once: bool,
        plan: Plan,
        decoder: D,
    ) -> Result<Stream<D>, Error> {
        let Some(transport) = lock(&self.transport).clone() else {
            return Err(not_connected());
        };
        Ok(Stream::start(
            Order {
                account: Arc::clone(&self.account),
                credential: Arc::clone(&self.credential),
                transport,
                method,
                body,
                form,
                once,
                plan,
            },
            decoder,
        ))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.disconnect();
    }
}

fn ms(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

fn unix_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
