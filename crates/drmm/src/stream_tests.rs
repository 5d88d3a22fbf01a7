//! Streams on a system that has no thread to spare.

use std::sync::atomic::{AtomicUsize, Ordering};

use drmm_sim::{Config, Server};
use serde_json::Value;

use super::*;
use crate::decode::Values;
use crate::options::Options;
use crate::pages::PagePlan;
use crate::secret::Secret;
use crate::transport::Settings;

/// A list of eight pages whose stream starts its threads with `spawn`.
fn list(server: &Server, spawn: Spawn) -> Stream<Values> {
    let secret = Secret::new(server.secret().to_owned());
    let options = Options::new(&server.url(), server.key(), secret).expect("options");
    let account = Account::of(&options).expect("an account");
    let credential = account.open(&options.keys);
    let route = Route::new("v2/account/devices", None, &[]).expect("a route");
    let plan = PagePlan::new(options.origin.clone(), &route, 250, 8);
    let transport = account.transport(Settings::of(&options).expect("settings"));
    let order = Order {
        account,
        credential,
        transport,
        method: Method::Get,
        body: None,
        once: false,
        form: Form::Objects,
        plan: Plan::Pages {
            items: "devices".to_owned(),
            folded: Vec::new(),
            plan: Box::new(plan),
        },
    };
    Stream::start_on(spawn, order, Values)
}

fn server() -> Server {
    Server::start(Config {
        devices: 2000,
        sites: 2,
        ..Config::default()
    })
    .expect("the simulator starts")
}

fn all(stream: &Stream<Values>) -> Result<Vec<Value>, Error> {
    let mut items = Vec::new();
    // So many answers are more than there are pages and reports.
    for _ in 0..12 {
        match stream.next(Duration::from_secs(20))? {
            Answer::Ready(batch) => items.extend(batch),
            Answer::Pending => {}
            Answer::End => return Ok(items),
            Answer::Cancelled => panic!("nobody cancelled"),
        }
    }
    panic!("no end of answers")
}

fn refuse(_: Box<dyn FnOnce() + Send>) -> std::io::Result<()> {
    Err(std::io::ErrorKind::WouldBlock.into())
}

/// Starts a thread if one of `left` is left.
fn ration(left: &AtomicUsize, work: Box<dyn FnOnce() + Send>) -> std::io::Result<()> {
    left.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| {
        left.checked_sub(1)
    })
    .map_or_else(|_| refuse(Box::new(|| {})), |_| spawn(work))
}

#[test]
fn one_thread_fetches_all_pages_if_there_are_no_more() {
    static LEFT: AtomicUsize = AtomicUsize::new(2);
    let server = server();
    // The first page's thread has ended when the caller comes back; the other is on its own.
    let list = list(&server, |work| ration(&LEFT, work));
    assert_eq!(all(&list).expect("all").len(), 2000);
    assert_eq!(server.counters().max_concurrent, 1);
}

#[test]
fn no_thread_at_all_is_an_error_that_says_how_many_items_came() {
    let server = server();
    let error = all(&list(&server, refuse)).expect_err("no thread");
    assert_eq!(error.kind(), ErrorKind::System);

    static LEFT: AtomicUsize = AtomicUsize::new(1);
    let error = all(&list(&server, |work| ration(&LEFT, work))).expect_err("no thread");
    assert_eq!(error.kind(), ErrorKind::System);
    assert_eq!(
        error.message(),
        "the list is incomplete: 250 of 2000 items had come, then the operating system refused to start a thread"
    );
}
