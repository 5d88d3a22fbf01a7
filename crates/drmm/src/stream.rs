//! Streams: everything that takes time. Workers fetch, the caller comes for the next batch.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::call::{Form, Method};
use crate::credential::Credential;
use crate::decode::{Decoder, ItemSink};
use crate::envelope::{NoPage, PageRead, is_cut, read_page, read_whole};
use crate::error::{Error, ErrorKind};
use crate::exchange::{BodyFault, Exchange, Stop, begins_like_json};
use crate::job::{Job, Progress, Report};
use crate::options::Keys;
use crate::pages::Astray;
use crate::plan::Plan;
use crate::route::Route;
use crate::sync::{lock, wait};
use crate::transport::Transport;
use crate::unicode::mended;

/// What a stream has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<B> {
    /// The next batch.
    Ready(B),
    /// Nothing within the time given.
    Pending,
    /// All has been handed over.
    End,
    /// The stream was cancelled.
    Cancelled,
}

/// Batches that come one after the other. Dropping the stream cancels it.
pub struct Stream<D: Decoder>(Arc<Core<D>>);

/// What a stream fetches.
pub(crate) struct Order {
    pub(crate) account: Arc<Account>,
    pub(crate) credential: Arc<Credential>,
    pub(crate) transport: Arc<Transport>,
    pub(crate) method: Method,
    pub(crate) body: Option<String>,
    pub(crate) form: Form,
    /// Whether a request that fails is not tried again.
    pub(crate) once: bool,
    pub(crate) plan: Plan,
}

struct Core<D: Decoder> {
    decoder: D,
    account: Arc<Account>,
    credential: Arc<Credential>,
    transport: Arc<Transport>,
    method: Method,
    body: Option<String>,
    form: Form,
    once: bool,
    /// The field that holds a page's items, and their fields whose text is JSON.
    items: Option<(String, Vec<String>)>,
    /// Whose token is the answer.
    keys: Option<Keys>,
    job: Arc<Job>,
    state: Mutex<State<D::Batch>>,
    changed: Condvar,
    spawn: Spawn,
}

/// How a thread is started.
type Spawn = fn(Box<dyn FnOnce() + Send>) -> std::io::Result<()>;

struct State<B> {
    plan: Plan,
    /// Threads that fetch.
    running: usize,
    ready: BTreeMap<u64, (B, u64)>,
    /// The first page that failed, and why: it is told when its turn comes.
    failed: Option<(u64, Error)>,
    /// The caller has come back after the first batch: what lies ahead is worth fetching.
    came_back: bool,
    /// The caller has had the chance to read what led to the end.
    reported: bool,
    told: Option<(u64, Option<Instant>)>,
}

impl<D: Decoder> Stream<D> {
    pub(crate) fn start(order: Order, decoder: D) -> Self {
        Self::start_on(spawn, order, decoder)
    }

    fn start_on(spawn: Spawn, order: Order, decoder: D) -> Self {
        let items = match &order.plan {
            Plan::Pages { items, folded, .. } => Some((items.clone(), folded.clone())),
            _ => None,
        };
        let keys = match &order.plan {
            Plan::Grant { keys, .. } => Some(keys.clone()),
            _ => None,
        };
        let core = Arc::new(Core {
            decoder,
            account: order.account,
            credential: order.credential,
            transport: order.transport,
            method: order.method,
            body: order.body,
            form: order.form,
            once: order.once,
            items,
            keys,
            job: Arc::default(),
            state: Mutex::new(State {
                plan: order.plan,
                running: 0,
                ready: BTreeMap::new(),
                failed: None,
                came_back: false,
                reported: false,
                told: None,
            }),
            changed: Condvar::new(),
            spawn,
        });
        core.advance(&mut lock(&core.state));
        Self(core)
    }

    /// Waits up to `time` for the next batch.
    ///
    /// # Errors
    /// What made the stream fail, once all that came before it has been handed over, and again
    /// whenever it is asked for. For a list it says how many items had come.
    pub fn next(&self, time: Duration) -> Result<Answer<D::Batch>, Error> {
        let core = &self.0;
        let until = Instant::now() + time;
        let mut state = lock(&core.state);
        state.came_back |= state.plan.wanted() > 0;
        core.advance(&mut state);
        loop {
            if core.job.is_cancelled() {
                return Ok(Answer::Cancelled);
            }
            if state.plan.is_done() {
                let outcome = state.plan.conclude(&core.job, state.reported);
                return match outcome {
                    Err(_) if state.must_report(&core.job) => Ok(Answer::Pending),
                    Err(error) => Err(error),
                    Ok(()) => {
                        state.reported = true;
                        Ok(Answer::End)
                    }
                };
            }
            let wanted = state.plan.wanted();
            // Also before a page that is there already: what an error comes to is no matter of luck.
            if let Some((_, error)) = state.failed.as_ref().filter(|(page, _)| *page <= wanted) {
                let error = state.plan.explain(error.clone());
                return if state.must_report(&core.job) {
                    Ok(Answer::Pending)
                } else {
                    Err(error)
                };
            }
            if let Some((batch, items)) = state.ready.remove(&wanted) {
                state.plan.gave(items);
                // What lies ahead is fetched while this is read.
                core.advance(&mut state);
                return Ok(Answer::Ready(batch));
            }
            if Instant::now() >= until {
                return Ok(Answer::Pending);
            }
            state = wait(&core.changed, state, Some(until));
        }
    }

    /// What has happened since the last report; `None` if nothing has.
    pub fn report(&self) -> Option<Report> {
        let events = self.0.job.take_events();
        let progress = self.0.progress(&mut lock(&self.0.state));
        (progress.is_some() || !events.is_empty()).then_some(Report { progress, events })
    }

    /// Stops the stream: whoever waits for it comes back at once, and no request starts after it.
    pub fn cancel(&self) {
        self.0.job.cancel();
        self.0.account.gate.cancelled(&self.0.job);
        self.0.credential.cancelled(&self.0.job);
        let _state = lock(&self.0.state);
        self.0.changed.notify_all();
    }
}

impl<D: Decoder> Drop for Stream<D> {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl<D: Decoder> Core<D> {
    /// Starts a thread for whatever may be fetched now.
    fn advance(self: &Arc<Self>, state: &mut State<D::Batch>) {
        while let Some((number, route)) = self.next_task(state) {
            let (core, task) = (Arc::clone(self), (number, route.clone()));
            if (self.spawn)(Box::new(move || core.work(task))).is_err() {
                // Those that run take it up when they have done with theirs.
                state.plan.take_back(route);
                if state.running == 0 {
                    let message = "the operating system refused to start a thread";
                    state.failed = Some((number, Error::new(ErrorKind::System, message)));
                }
                return;
            }
            state.running += 1;
        }
    }

    fn next_task(&self, state: &mut State<D::Batch>) -> Option<Task> {
        if self.job.is_cancelled() || state.failed.is_some() {
            return None;
        }
        let task = state.plan.ask(state.came_back)?;
        // Before it enters the queue, so that it is never counted twice.
        self.job.expects(state.plan.coming());
        Some(task)
    }

    /// What a thread does: its task, then the next as long as there is one.
    fn work(self: &Arc<Self>, task: Task) {
        let mut task = Some(task);
        while let Some((number, route)) = task {
            let fetched = self.fetch_safely(route.as_ref());
            let mut state = lock(&self.state);
            match fetched {
                Ok((batch, read)) => {
                    if let Some(batch) = batch {
                        state.ready.insert(number, (batch, read.items));
                    }
                    match state.plan.came(number, route.as_ref(), &read) {
                        Ok(0) => {}
                        Ok(repeated) => self.job.detail(format!(
                            "page {} has {repeated} items that had come before: the list changes while it is read",
                            number + 1
                        )),
                        Err(Astray { page, error }) => state.fail(page, error),
                    }
                }
                Err(Stop::Cancelled) => {}
                Err(Stop::Failed(error)) => state.fail(number, error),
            }
            task = self.next_task(&mut state);
            if task.is_none() {
                state.running -= 1;
            }
            self.advance(&mut state);
            self.changed.notify_all();
        }
    }

    /// As [`Core::fetch`], with a panic turned into an error so that nobody waits for ever.
    fn fetch_safely(
        self: &Arc<Self>,
        route: Option<&Route>,
    ) -> Result<(Option<D::Batch>, PageRead), Stop> {
        catch_unwind(AssertUnwindSafe(|| self.fetch(route))).unwrap_or_else(|_| {
            Err(Error::new(
                ErrorKind::Internal,
                "a fault of this library; please report it",
            )
            .into())
        })
    }

    fn fetch(
        self: &Arc<Self>,
        route: Option<&Route>,
    ) -> Result<(Option<D::Batch>, PageRead), Stop> {
        let Some(route) = route else {
            return self.fetch_token();
        };
        let exchange = Exchange {
            account: &self.account,
            credential: &self.credential,
            transport: &self.transport,
            job: &self.job,
            method: self.method,
            route,
            body: self.body.as_deref(),
            patient: !self.once,
        };
        exchange
            .run(|body| self.read(body))
            .map(|(batch, read)| (Some(batch), read))
    }

    fn fetch_token(&self) -> Result<(Option<D::Batch>, PageRead), Stop> {
        let Some(keys) = &self.keys else {
            self.account
                .token(&self.credential, &self.transport, &self.job)?;
            return Ok((None, PageRead::default()));
        };
        let token = self.account.grant(keys, &self.transport, &self.job)?;
        let mut sink = self.decoder.sink();
        sink.text(token.expose());
        let read = PageRead {
            items: 1,
            ..PageRead::default()
        };
        Ok((Some(sink.finish()), read))
    }

    fn read(&self, body: &[u8]) -> Result<(D::Batch, PageRead), BodyFault> {
        self.read_as_is(body).or_else(|fault| {
            let mended = match fault {
                BodyFault::Wrong(_) => mended(body),
                BodyFault::Cut => None,
            };
            let Some(read) = mended.and_then(|body| self.read_as_is(&body).ok()) else {
                return Err(fault);
            };
            let text = "the answer has half characters in it; each was replaced by U+FFFD";
            self.job.detail(text.to_owned());
            Ok(read)
        })
    }

    fn read_as_is(&self, body: &[u8]) -> Result<(D::Batch, PageRead), BodyFault> {
        let mut sink = self.decoder.sink();
        let read = match (&self.items, self.form) {
            (Some((items, folded)), _) => {
                let read =
                    read_page(body, items, folded, &mut sink).map_err(|error| wrong(&error))?;
                read.map_err(|lack| BodyFault::Wrong(no_page(lack, items)))?
            }
            // Whoever asks for text takes what comes, but for what is not all of it.
            (None, Form::Text) if begins_like_json(body) && is_cut(body) => {
                return Err(BodyFault::Cut);
            }
            (None, Form::Text) => {
                sink.text(&String::from_utf8_lossy(body));
                PageRead {
                    items: 1,
                    ..PageRead::default()
                }
            }
            // A write may have nothing to say; a read that says nothing has lost its answer.
            (None, Form::Objects) if self.method == Method::Get && body.trim_ascii().is_empty() => {
                return Err(BodyFault::Cut);
            }
            (None, Form::Objects) => {
                let items = read_whole(body, &mut sink).map_err(|error| wrong(&error))?;
                PageRead {
                    items,
                    ..PageRead::default()
                }
            }
        };
        Ok((sink.finish(), read))
    }

    fn progress(&self, state: &mut State<D::Batch>) -> Option<Progress> {
        let now = Instant::now();
        let waiting = self.job.waiting();
        let wanted = state.plan.wanted();
        let mark = (wanted, waiting.map(|waiting| waiting.until.unwrap_or(now)));
        if state.told == Some(mark) {
            return None;
        }
        state.told = Some(mark);
        let (done, total, page) = match &state.plan {
            Plan::Pages { plan, .. } => {
                let page = match plan.pages() {
                    Some(pages) => format!("page {} of {pages}", (wanted + 1).min(pages)),
                    None => format!("page {}", wanted + 1),
                };
                (plan.items_given(), plan.announced(), page)
            }
            _ => (0, None, "waiting for the answer".to_owned()),
        };
        Some(Progress {
            text: waiting.map_or(page, |waiting| waiting.text(now)),
            done,
            total,
            wait: waiting
                .and_then(|waiting| waiting.until)
                .map(|until| until.saturating_duration_since(now)),
        })
    }
}

/// A request to be made: its page and its route, or none for the token.
type Task = (u64, Option<Route>);

fn spawn(work: Box<dyn FnOnce() + Send>) -> std::io::Result<()> {
    std::thread::Builder::new()
        .name("drmm-fetch".into())
        .spawn(work)
        .map(drop)
}

/// Why an answer cannot be a page of the list that stands in the field `items`.
fn no_page(lack: NoPage, items: &str) -> Error {
    let (kind, message) = match lack {
        NoPage::NoItems => (
            ErrorKind::Malformed,
            format!("the answer has no list «{items}»"),
        ),
        NoPage::Failed => (
            ErrorKind::Server,
            "the server could not read the list, and said so in place of it".to_owned(),
        ),
    };
    Error::new(kind, message)
}

/// What the parser's complaint means. Its own text may quote a value, so only its place is kept.
fn wrong(error: &serde_json::Error) -> BodyFault {
    if error.is_eof() {
        return BodyFault::Cut;
    }
    if error.to_string().starts_with("recursion limit") {
        return BodyFault::Wrong(Error::new(
            ErrorKind::TooLarge,
            "the answer is nested deeper than 128 levels",
        ));
    }
    let (line, column) = (error.line(), error.column());
    let message =
        format!("the answer is not the JSON that was expected (line {line}, column {column})");
    BodyFault::Wrong(Error::new(ErrorKind::Malformed, message))
}

impl<B> State<B> {
    fn fail(&mut self, page: u64, error: Error) {
        if self
            .failed
            .as_ref()
            .is_none_or(|(failed, _)| page < *failed)
        {
            self.failed = Some((page, error));
        }
    }

    /// Whether the events that led here are still to be read; asked once.
    fn must_report(&mut self, job: &Job) -> bool {
        let must = !self.reported && job.has_events();
        self.reported = true;
        must
    }
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
