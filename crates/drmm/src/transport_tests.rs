use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Mutex;
use std::thread;

use ureq::Timeout;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::ResolvedSocketAddrs;
use ureq::unversioned::transport::NextTimeout;

use super::*;
use crate::retry::Failure;
use crate::sync::lock;

type LookUp = dyn FnMut(NextTimeout) -> Result<SocketAddr, HttpError> + Send;

/// Names whose look-up is this function.
struct Scripted(Mutex<Box<LookUp>>);

impl Scripted {
    fn new(
        look_up: impl FnMut(NextTimeout) -> Result<SocketAddr, HttpError> + Send + 'static,
    ) -> Self {
        Self(Mutex::new(Box::new(look_up)))
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

impl Resolver for Scripted {
    fn resolve(
        &self,
        _: &Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, HttpError> {
        let mut found = self.empty();
        found.push(lock(&self.0)(timeout)?);
        Ok(found)
    }
}

fn transport(address: SocketAddr, names: Scripted) -> Transport {
    let options = Options::new(&format!("http://{address}"), "k", Secret::from("s"));
    let options = options.expect("options");
    let settings = Settings::of(&options).expect("settings");
    Transport::with_names(options.origin, settings, names)
}

fn send(transport: &Transport, method: Method, job: &Arc<Job>) -> Result<Response, Fault> {
    let token = Secret::from("t");
    let request = Request {
        method,
        path: "/x",
        authorization: Authorization::Bearer(&token),
        body: None,
    };
    transport.send(&request, job)
}

/// Answers every request of one connection, and gives their first lines when it has been closed.
fn hear_all(listener: &TcpListener) -> std::io::Result<Vec<String>> {
    let (connection, _) = listener.accept()?;
    let mut answers = connection.try_clone()?;
    let mut heard = Vec::new();
    let mut begins = true;
    for line in BufReader::new(connection).lines() {
        let line = line?;
        if begins {
            heard.push(line.clone());
        }
        begins = line.is_empty();
        if begins {
            answers.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")?;
        }
    }
    Ok(heard)
}

#[test]
fn a_write_that_is_cancelled_during_its_look_up_is_not_sent_over_a_kept_connection() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = thread::spawn(move || hear_all(&listener));
    let job: Arc<Job> = Arc::default();
    let mut look_ups = 0;
    let cancelled = Arc::clone(&job);
    let names = Scripted::new(move |_| {
        look_ups += 1;
        if look_ups == 2 {
            cancelled.cancel();
        }
        Ok(address)
    });
    let transport = transport(address, names);
    let first = send(&transport, Method::Get, &job).expect("an answer");
    assert_eq!(first.status, 200);
    let fault = send(&transport, Method::Post, &job)
        .err()
        .expect("not sent");
    assert_eq!((fault.failure, fault.sent), (Failure::NotDone, false));
    drop(transport);
    let heard = server.join().expect("a server").expect("a connection");
    assert_eq!(heard, ["GET /x HTTP/1.1"]);
}

#[test]
fn a_look_up_that_does_not_end_is_given_up_with_time_left_and_nothing_was_done() {
    let names = Scripted::new(|timeout| {
        assert!(*timeout.after <= CONNECT, "{:?}", timeout.after);
        Err(HttpError::Timeout(timeout.reason))
    });
    let transport = transport(SocketAddr::from((Ipv4Addr::LOCALHOST, 1)), names);
    let fault = send(&transport, Method::Post, &Arc::default()).err();
    let fault = fault.expect("no address");
    assert_eq!((fault.failure, fault.sent), (Failure::NotDone, false));
    assert_eq!(fault.error.kind(), ErrorKind::Timeout);
    assert_eq!(
        fault.error.message(),
        "the name 127.0.0.1 could not be resolved in time; is this machine's DNS reachable?"
    );
}

#[test]
fn a_deadline_that_falls_into_the_look_up_says_that_nothing_was_done() {
    let names = Scripted::new(|_| Err(HttpError::Timeout(Timeout::Global)));
    let transport = transport(SocketAddr::from((Ipv4Addr::LOCALHOST, 1)), names);
    let fault = send(&transport, Method::Post, &Arc::default()).err();
    let fault = fault.expect("no address");
    assert_eq!((fault.failure, fault.sent), (Failure::NotDone, false));
}
