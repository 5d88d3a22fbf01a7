//! Sessions: what a caller holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::account::{Account, Credential, not_connected};
use crate::call::{Call, Form, Method};
use crate::decode::Decoder;
use crate::error::{Error, ErrorKind};
use crate::options::Options;
use crate::pages::PagePlan;
use crate::plan::Plan;
use crate::quota::Model;
use crate::stream::{Order, Stream};

/// A connection to one account. All sessions of an account in this process share its token, quota
/// and connections; dropping the session disconnects it.
#[derive(Debug)]
pub struct Session {
    account: Arc<Account>,
    credential: Arc<Credential>,
    pages: usize,
    closed: AtomicBool,
}

impl Session {
    /// Opens a session; nothing is sent yet.
    ///
    /// # Errors
    /// `InvalidArgument` if the proxy is not a URL; `System` if there are no random numbers.
    pub fn connect(options: &Options) -> Result<Self, Error> {
        let account = Account::of(options)?;
        let credential = account.open(&options.key, &options.secret);
        Ok(Self {
            account,
            credential,
            pages: options.pages,
            closed: AtomicBool::new(false),
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
            Plan::Token {
                asked: false,
                ended: false,
            },
            decoder,
        )
    }

    /// A stream of one batch: the answer of one request.
    ///
    /// # Errors
    /// `NotConnected` after [`Session::disconnect`]; `InvalidArgument` and `Document` if the path
    /// is not acceptable.
    pub fn request<D: Decoder>(&self, call: Call, decoder: D) -> Result<Stream<D>, Error> {
        if call.items.is_some() || call.page_size.is_some() {
            return Err(Error::new(
                ErrorKind::Document,
                "items and pageSize belong to a paged call",
            ));
        }
        let plan = Plan::One {
            route: Some(call.route()?),
            given: false,
        };
        self.start(call.method, call.body, call.answer, plan, decoder)
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
        let (route, size) = (call.route()?, call.page_size()?);
        let Some(items) = call.items else {
            return wrong("a paged call needs the name of the field that holds its items");
        };
        let plan = PagePlan::new(self.account.origin.clone(), &route, size, self.pages);
        self.start(
            Method::Get,
            None,
            Form::Objects,
            Plan::Pages {
                items,
                plan: Box::new(plan),
            },
            decoder,
        )
    }

    /// The state of the session, as one object: where it leads, when its token expires (Unix ms),
    /// and its quota (requests per window).
    pub fn describe(&self) -> Value {
        let usage = self.account.gate.usage();
        let (now, today) = (Instant::now(), unix_ms());
        let ago = |at: Instant| {
            today - i64::try_from(now.saturating_duration_since(at).as_millis()).unwrap_or(i64::MAX)
        };
        let ahead =
            |time: std::time::Duration| today + i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        json!({
            "url": self.account.origin.as_str(),
            "connected": !self.closed.load(Ordering::Acquire),
            "tokenExpires": self.credential.time_left().map(ahead),
            "model": usage.model.map(Model::name),
            "windowSeconds": usage.limits.window.as_secs_f64(),
            "limit": usage.limits.limit,
            "cutOffRatio": usage.limits.cutoff,
            "allowed": usage.allowed,
            "used": usage.own,
            "usedByOthers": usage.others,
            "remaining": usage.allowed.saturating_sub(usage.own + usage.others),
            "waiting": usage.waiting,
            "sent": usage.sent,
            "lastCalibration": usage.calibrated.map(ago),
        })
    }

    /// Closes the session; the last one of a key and secret wipes secret and token. Streams that
    /// are under way end with `NotConnected` when they need a token that is not there any more.
    pub fn disconnect(&self) {
        if !self.closed.swap(true, Ordering::AcqRel) {
            self.credential.leave();
        }
    }

    fn start<D: Decoder>(
        &self,
        method: Method,
        body: Option<String>,
        form: Form,
        plan: Plan,
        decoder: D,
    ) -> Result<Stream<D>, Error> {
        if self.closed.load(Ordering::Acquire) {
            return Err(not_connected());
        }
        let (account, credential) = (Arc::clone(&self.account), Arc::clone(&self.credential));
        Ok(Stream::start(
            Order {
                account,
                credential,
                method,
                body,
                form,
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

fn unix_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
