//! One client's connection: HTTP/1.1 over a [`Wire`].

use std::{convert::Infallible, future::poll_fn, net::IpAddr, pin::Pin, sync::Arc};

use http::{
    Request, Response, StatusCode,
    header::{CONTENT_TYPE, USER_AGENT},
};
use hyper::{
    body::{Body as _, Incoming as IncomingBody},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use parking_lot::Mutex;
use tokio::{
    net::TcpStream,
    time::{Instant, sleep_until},
};

use crate::{
    answer::{self, Answer},
    app::{App, Incoming, Target},
    body::Body,
    control,
    error::ApiError,
    inject::{self, Sending},
    log::Received,
    token,
    wire::{Slot, Wire},
};

/// A request's body may have so many bytes.
const MOST_BODY: usize = 1 << 20;

struct Connection {
    app: Arc<App>,
    peer: IpAddr,
    slot: Slot,
    /// The log's note of whether this connection was counted.
    seen: Mutex<u64>,
}

/// Serves a connection until its end.
pub(crate) async fn serve(app: Arc<App>, stream: TcpStream, peer: IpAddr) {
    let slot = Slot::default();
    let wire = Wire::new(stream, Arc::clone(&slot));
    let connection = Arc::new(Connection {
        app,
        peer,
        slot,
        seen: Mutex::new(0),
    });
    let service = service_fn(move |request| {
        let connection = Arc::clone(&connection);
        async move { Ok::<_, Infallible>(connection.handle(request).await) }
    });
    // How a connection ends is the client's affair, or was a fault's intention.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        // Idle connections stay: clients keep them between commands.
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(wire), service)
        .await;
}

impl Connection {
    async fn handle(&self, request: Request<IncomingBody>) -> Response<Body> {
        let arrival = Instant::now();
        let (head, body) = request.into_parts();
        let body = read_whole(body).await;
        let path = head.uri.path().to_owned();
        if let Some(below) = path.strip_prefix(control::PREFIX) {
            return respond(control::answer(
                &self.app,
                &head.method,
                below,
                &body.unwrap_or_default(),
            ));
        }

        let target = Target::of(&head.method, &path);
        let counted_as = target.counted_as(&head.method);
        let incoming = Incoming {
            query: head.uri.query().unwrap_or_default().to_owned(),
            address: self.app.address(&head.headers, self.peer),
            method: head.method,
            path,
            headers: head.headers,
            body: Vec::new(),
        };
        let (incoming, refused) = match body {
            Ok(body) => (Incoming { body, ..incoming }, None),
            Err(error) => (incoming, Some(error)),
        };
        let received = self.received(&incoming, &target);
        let mut ticket = self.app.log.arrive(received, counted_as, &self.seen);
        let gzip = answer::takes_gzip(&incoming.headers);
        let (sending, hold) = match refused {
            Some(error) => (
                Sending::Whole(Answer::refusal(&error, &incoming.path)),
                None,
            ),
            None => {
                let decision = self.app.decide(&incoming, target);
                if decision.delayed {
                    ticket.delayed();
                }
                let sending = inject::sending(decision.answer, decision.fault.as_ref(), gzip);
                (sending, Some(decision.hold))
            }
        };
        if let Some(hold) = hold.filter(|hold| !hold.is_zero()) {
            sleep_until(arrival + hold).await;
        }
        let (response, status) = self.send(sending);
        ticket.answered(status);
        response
    }

    fn received(&self, incoming: &Incoming, target: &Target) -> Received {
        let header = |name| Some(incoming.headers.get(name)?.to_str().ok()?.to_owned());
        let (query, body) = match target {
            Target::Token if token::is_form(&incoming.headers) => (
                token::masked(incoming.query.as_bytes()),
                token::masked(&incoming.body),
            ),
            // Whatever it is, there may be a secret in it.
            Target::Token => (token::masked(incoming.query.as_bytes()), String::new()),
            _ => (
                incoming.query.clone(),
                String::from_utf8_lossy(&incoming.body).into_owned(),
            ),
        };
        Received {
            at: u64::try_from(self.app.now().as_millis()).unwrap_or(u64::MAX),
            method: incoming.method.to_string(),
            path: incoming.path.clone(),
            query,
            body,
            content_type: header(CONTENT_TYPE),
            user_agent: header(USER_AGENT),
            address: incoming.address,
            delayed: false,
            status: 0,
        }
    }

    fn send(&self, sending: Sending) -> (Response<Body>, u16) {
        let status = |answer: &Answer| answer.status.as_u16();
        match sending {
            Sending::Whole(answer) => {
                let status = status(&answer);
                (respond(answer), status)
            }
            Sending::Slow(answer, rate) => {
                let status = status(&answer);
                (
                    respond_with(answer, |bytes| Body::slow(bytes, rate)),
                    status,
                )
            }
            Sending::Endless(answer) => {
                let status = status(&answer);
                (respond_with(answer, |_| Body::endless()), status)
            }
            Sending::Raw(raw, status) => {
                *self.slot.lock() = Some(raw);
                // Never sent: its first byte makes the wire send the raw answer instead.
                (respond(Answer::empty(StatusCode::OK)), status)
            }
        }
    }
}

fn respond(answer: Answer) -> Response<Body> {
    respond_with(answer, Body::whole)
}

fn respond_with(answer: Answer, body: impl FnOnce(Vec<u8>) -> Body) -> Response<Body> {
    let mut response = Response::new(body(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

async fn read_whole(mut body: IncomingBody) -> Result<Vec<u8>, ApiError> {
    let mut whole = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| ApiError::bad_request("the body ended early"))?;
        if let Ok(data) = frame.into_data() {
            if whole.len() + data.len() > MOST_BODY {
                return Err(ApiError::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "the body is too large",
                ));
            }
            whole.extend_from_slice(&data);
        }
    }
    Ok(whole)
}
