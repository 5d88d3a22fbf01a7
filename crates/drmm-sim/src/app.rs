//! One account's server side: decides what becomes of a request. Knows nothing of sockets.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{ALLOW, HOST, RETRY_AFTER, WWW_AUTHENTICATE},
};
use parking_lot::{Mutex, RwLock};

use crate::{
    activities::Activities,
    answer::Answer,
    auth::{Auth, Token},
    call::{Call, PageTweak},
    check::Checker,
    config::{Config, Settings},
    data::{World, key_and_secret},
    error::{ApiError, now_ms},
    faults::{Fault, FaultBook, Picked, Rule},
    inject,
    jobs::Jobs,
    log::Log,
    operation::Operation,
    query::Query,
    quota::{Access, Quota, Usage, Verdict},
    route::{self, Match, Route},
    state::State,
    token,
};

/// Everything a server knows.
pub(crate) struct App {
    pub(crate) world: World,
    pub(crate) state: State,
    pub(crate) jobs: Jobs,
    pub(crate) activities: Activities,
    pub(crate) log: Arc<Log>,
    /// When the server started, Unix milliseconds.
    pub(crate) started_ms: i64,
    started: Instant,
    settings: RwLock<Settings>,
    auth: Mutex<Auth>,
    quota: Mutex<Quota>,
    faults: Mutex<FaultBook>,
    checker: Option<Checker>,
    port: u16,
    retry_after: bool,
    trust_forwarded_for: bool,
}

/// A request with its whole body.
pub(crate) struct Incoming {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) address: IpAddr,
}

/// Where a request is bound.
pub(crate) enum Target {
    Token,
    Api(Match),
    /// Nothing is there.
    Elsewhere,
}

impl Target {
    pub(crate) fn of(method: &Method, path: &str) -> Self {
        if path == token::PATH {
            return Self::Token;
        }
        match path.strip_prefix("/api") {
            Some(below) if below.starts_with("/v2/") || below.starts_with("/v3/") => {
                Self::Api(route::find(method, below))
            }
            _ => Self::Elsewhere,
        }
    }

    /// The name under which the request is counted; `None` for a token request.
    pub(crate) fn counted_as(&self, method: &Method) -> Option<String> {
        match self {
            Self::Token => None,
            Self::Api(Match::Found(route, _)) => Some(route.name()),
            Self::Api(_) | Self::Elsewhere => Some(format!("{method} *")),
        }
    }
}

/// What becomes of a request.
pub(crate) struct Decision {
    pub(crate) answer: Answer,
    /// How long after its arrival the request is answered.
    pub(crate) hold: Duration,
    /// Whether the quota has a part in that.
    pub(crate) delayed: bool,
    pub(crate) fault: Option<Fault>,
}

impl Decision {
    fn answer(answer: Answer) -> Self {
        Self {
            answer,
            hold: Duration::ZERO,
            delayed: false,
            fault: None,
        }
    }
}

impl App {
    pub(crate) fn new(
        config: Config,
        checker: Option<Checker>,
        key: String,
        secret: String,
        port: u16,
    ) -> Self {
        let mut auth = Auth::default();
        auth.set_key(key, secret);
        let started_ms = now_ms();
        Self {
            world: World::generate(&config),
            state: State::new(config.seed, config.sites),
            jobs: Jobs::new(config.seed),
            activities: Activities::new(config.seed, started_ms),
            log: Arc::default(),
            started_ms,
            started: Instant::now(),
            settings: RwLock::new(config.settings),
            auth: Mutex::new(auth),
            quota: Mutex::default(),
            faults: Mutex::new(FaultBook::new(config.faults)),
            checker,
            port,
            retry_after: config.retry_after,
            trust_forwarded_for: config.trust_forwarded_for,
        }
    }

    /// Decides about a request.
    pub(crate) fn decide(&self, incoming: &Incoming, target: Target) -> Decision {
        let decision = if self
            .quota
            .lock()
            .blocked_until(self.now(), incoming.address)
            .is_some()
        {
            self.turn_away()
        } else {
            match target {
                Target::Token => self.decide_token(incoming),
                Target::Api(found) => self.decide_api(incoming, found),
                Target::Elsewhere => {
                    Decision::answer(refuse(incoming, &ApiError::not_found("path")))
                }
            }
        };
        let hold =
            decision.hold + self.settings.read().latency + inject::delay(decision.fault.as_ref());
        Decision { hold, ..decision }
    }

    fn decide_token(&self, incoming: &Incoming) -> Decision {
        let fault = self
            .faults
            .lock()
            .pick(incoming.method.as_str(), &[token::PATH], 0)
            .fault;
        if fault == Some(Fault::Block) {
            return self.block(incoming.address);
        }
        let replacement = fault
            .as_ref()
            .and_then(|fault| inject::replacement(fault, token::PATH));
        let answer = replacement.unwrap_or_else(|| token::answer(self, incoming));
        Decision {
            fault,
            ..Decision::answer(answer)
        }
    }

    fn decide_api(&self, incoming: &Incoming, found: Match) -> Decision {
        let anonymous = matches!(
            found,
            Match::Found(
                Route {
                    anonymous: true,
                    ..
                },
                _
            )
        );
        let hold = if anonymous {
            Duration::ZERO
        } else {
            let operation = match &found {
                Match::Found(route, _) => route.operation,
                Match::WrongMethod(_) | Match::Unknown => None,
            };
            match self.admit(incoming, operation) {
                Ok(delay) => delay,
                Err(refusal) => return Decision::answer(*refusal),
            }
        };
        let path = incoming.path.strip_prefix("/api").unwrap_or(&incoming.path);
        let exact = path.strip_suffix('/').unwrap_or(path);
        let template = match &found {
            Match::Found(route, _) => route.template,
            _ => exact,
        };
        let method = incoming.method.as_str();
        let Picked { fault, hidden } =
            self.faults
                .lock()
                .pick(method, &[template, exact], page_number(&incoming.query));
        if fault == Some(Fault::Block) {
            return self.block(incoming.address);
        }
        let answer = match fault
            .as_ref()
            .and_then(|fault| inject::replacement(fault, &incoming.path))
        {
            Some(answer) => answer,
            None => {
                let tweak = PageTweak {
                    hidden,
                    ..inject::page_tweak(fault.as_ref())
                };
                self.carry_out(incoming, found, tweak)
            }
        };
        Decision {
            answer,
            hold,
            delayed: !hold.is_zero(),
            fault,
        }
    }

    /// Blocks an address for what a fault rule says.
    fn block(&self, address: IpAddr) -> Decision {
        let window = self.settings.read().window;
        self.quota.lock().block(self.now(), window, address);
        self.log.count_block();
        self.turn_away()
    }

    /// The answer to an address that is blocked.
    fn turn_away(&self) -> Decision {
        self.log.count_blocked();
        Decision::answer(block_page())
    }

    /// Wants a valid token and room in the quota. Gives the delay that the quota adds.
    fn admit(
        &self,
        incoming: &Incoming,
        operation: Option<Operation>,
    ) -> Result<Duration, Box<Answer>> {
        let token = token::credentials(&incoming.headers, "bearer").unwrap_or_default();
        if !self.auth.lock().accepts(self.now(), token) {
            let answer = refuse(incoming, &ApiError::no_token())
                .with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return Err(Box::new(answer));
        }
        let access = if incoming.method == Method::GET {
            Access::Read
        } else {
            Access::Write(operation)
        };
        let verdict = {
            let settings = self.settings.read();
            self.quota
                .lock()
                .admit(self.now(), &settings, incoming.address, access)
        };
        match verdict {
            Verdict::Go(delay) => Ok(delay),
            Verdict::TooMany { room_in, blocks } => {
                self.log.count_refused(incoming.address);
                if blocks {
                    self.log.count_block();
                }
                let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "the window is full");
                let answer = refuse(incoming, &error);
                // Rounded up: a second that has begun is not over.
                let seconds = room_in.as_secs() + u64::from(room_in.subsec_nanos() > 0);
                let seconds = seconds.max(1);
                Err(Box::new(if self.retry_after {
                    answer.with(RETRY_AFTER, HeaderValue::from(seconds))
                } else {
                    answer
                }))
            }
        }
    }

    fn carry_out(&self, incoming: &Incoming, found: Match, tweak: PageTweak) -> Answer {
        let (route, captures) = match found {
            Match::Found(route, captures) => (route, captures),
            Match::Unknown => return refuse(incoming, &ApiError::not_found("path")),
            Match::WrongMethod(allowed) => {
                let error =
                    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "another method is wanted");
                let allow = HeaderValue::from_str(&allowed.join(", "));
                return refuse(incoming, &error).with(
                    ALLOW,
                    allow.unwrap_or_else(|_| HeaderValue::from_static("GET")),
                );
            }
        };
        let outcome = Query::parse(&incoming.query, route.params).and_then(|query| {
            (route.handler)(&Call {
                app: self,
                captures,
                query,
                origin: self.origin(&incoming.headers),
                path: &incoming.path,
                headers: &incoming.headers,
                body: &incoming.body,
                extra: self.settings.read().extra_fields,
                tweak,
            })
        });
        let answer = outcome.unwrap_or_else(|error| refuse(incoming, &error));
        self.check(route, &answer);
        answer
    }

    /// Compares a success, which no fault has damaged yet, with the API's description.
    fn check(&self, route: &Route, answer: &Answer) {
        let Some(checker) = self.checker.as_ref().filter(|_| answer.status.is_success()) else {
            return;
        };
        if let Some(complaint) = checker.complaint(route, answer) {
            self.log.count_invalid(route.name(), complaint);
        }
    }

    /// The address from which a request comes, as far as the quota goes.
    pub(crate) fn address(&self, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
        if !self.trust_forwarded_for {
            return peer;
        }
        headers
            .get("x-forwarded-for")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(',').next())
            .and_then(|first| first.trim().parse().ok())
            .unwrap_or(peer)
    }

    /// Page addresses are on the origin by which the caller knows this server, if it is one of its own.
    fn origin(&self, headers: &HeaderMap) -> String {
        let by_name = format!("localhost:{}", self.port);
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        if host.is_some_and(|host| host.eq_ignore_ascii_case(&by_name)) {
            return format!("http://{by_name}");
        }
        self.url()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Time since the server started.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.read().clone()
    }

    /// Changes settings; refuses, and changes nothing, if the quota could not work with them.
    pub(crate) fn change(
        &self,
        change: impl FnOnce(&mut Settings),
    ) -> Result<Settings, &'static str> {
        let mut current = self.settings.write();
        let mut wanted = current.clone();
        change(&mut wanted);
        wanted.check()?;
        current.clone_from(&wanted);
        Ok(wanted)
    }

    pub(crate) fn set_faults(&self, rules: Vec<Rule>) {
        *self.faults.lock() = FaultBook::new(rules);
    }

    pub(crate) fn set_key(&self, key: String, secret: String) {
        self.auth.lock().set_key(key, secret);
    }

    pub(crate) fn revoke_tokens(&self) {
        self.auth.lock().revoke_all();
    }

    pub(crate) fn issue_token(&self, key: &str, secret: &str) -> Option<Token> {
        let lifetime = self.settings.read().token_lifetime;
        self.auth.lock().issue(self.now(), lifetime, key, secret)
    }

    /// Gives the user who sent this token another key and secret; 401 if the token is none.
    pub(crate) fn reset_key(&self, headers: &HeaderMap) -> Result<(String, String), ApiError> {
        let token = token::credentials(headers, "bearer").unwrap_or_default();
        self.auth
            .lock()
            .reset_key(self.now(), token, |number| {
                key_and_secret(self.world.seed, number)
            })
            .ok_or_else(ApiError::no_token)
    }

    pub(crate) fn quota_usage(&self) -> Usage {
        let settings = self.settings.read();
        self.quota.lock().usage(self.now(), &settings)
    }

    /// Forgets counters, log and the quota's history; keeps data, tokens, faults and settings.
    pub(crate) fn reset(&self) {
        self.log.reset();
        *self.quota.lock() = Quota::default();
    }
}

fn refuse(incoming: &Incoming, error: &ApiError) -> Answer {
    Answer::refusal(error, &incoming.path)
}

/// What a blocked address gets. It is not the API that answers it, so it is not in its error shape.
fn block_page() -> Answer {
    let page = "<html><head><title>403 Forbidden</title></head>\
        <body><h1>403 Forbidden</h1><p>The request was blocked.</p></body></html>\n";
    Answer::of_type(StatusCode::FORBIDDEN, inject::html(), page.into())
}

fn page_number(query: &str) -> u32 {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "page")
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0)
}
