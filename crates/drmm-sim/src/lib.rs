//! A simulator of the Datto RMM API that people can develop and test against without an account.
//!
//! It is written from the API's own description and from what is known of the live service, and
//! depends on no client: a misreading that both sides shared would hide. One [`Server`] is one
//! account. It listens on 127.0.0.1 only, keeps what it is told (a resolved alert leaves the open
//! list), and is as strict as the description allows: an unknown query parameter, a value of the
//! wrong type or a page of more than 250 items is a 400.
//!
//! ```
//! let server = drmm_sim::Server::start(drmm_sim::Config { devices: 500, ..Default::default() })?;
//! println!("{} {} {}", server.url(), server.key(), server.secret());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # The life of a request
//!
//! 1. `/_sim/...` goes to the control endpoint: no authentication, no delay, not counted.
//! 2. The request is counted and logged, its body read.
//! 3. An address that is blocked gets 403, on every path and from the token endpoint too.
//! 4. `POST /auth/oauth/token` is answered (a fault rule may get in first).
//! 5. Everything below `/api/v2` and `/api/v3` needs a valid token, else 401. (`GET /v2/system/status` does not.)
//! 6. The quota is asked, in one of its two models: 429, or on with or without an added delay. Only requests whose token named
//!    the account are counted, for only they can be charged to it.
//! 7. The first fault rule that matches changes what follows.
//! 8. The route table answers: 404 for an unknown path, 405 for a wrong method, 400 for parameters.
//! 9. A success is compared with the API's description, if the server was given that; the counters
//!    tell which do not fit.
//! 10. The answer waits for the set latency and the quota's delay, without holding a thread.
//!
//! # Adding an operation
//!
//! One line in the table of a file in `routes/` (a write's says as which [`Operation`] the quota
//! counts it), and one function that takes a [`call::Call`] and returns an [`answer::Answer`] or an
//! [`error::ApiError`]. A test compares the table with the API's description.

mod activities;
mod answer;
mod app;
mod auth;
mod body;
mod call;
mod check;
mod config;
mod connection;
mod control;
mod data;
mod document;
mod error;
mod faults;
mod inject;
mod instant;
mod jobs;
mod log;
mod operation;
mod paging;
mod query;
mod quota;
mod raw;
mod route;
mod routes;
mod search;
mod seed;
mod server;
mod sites;
mod state;
mod token;
mod variables;
mod wire;

pub use config::{Config, QuotaModel, Settings};
pub use faults::{Fault, Rule, RuleError, parse_rules};
pub use log::{Counters, InvalidAnswer, Received};
pub use operation::Operation;
pub use route::served_operations;
pub use server::Server;
