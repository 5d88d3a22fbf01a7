//! A client that has nothing to do with the project's own.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    net::TcpStream,
    ops::Deref,
    path::{Path, PathBuf},
    time::Duration,
};

use drmm_sim::{Config, Server, Settings};
use serde_json::Value;
use ureq::{Agent, http::Response};

/// `public-client:public`.
pub(crate) const BASIC: &str = "Basic cHVibGljLWNsaWVudDpwdWJsaWM=";

/// So long a test waits for something that never comes before it fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A small account with a quota that is never reached.
pub(crate) fn small() -> Config {
    Config {
        devices: 300,
        sites: 8,
        settings: generous(),
        ..Config::default()
    }
}

pub(crate) fn generous() -> Settings {
    Settings {
        limit: 1_000_000,
        ..Settings::default()
    }
}

/// The API's own description, where it lies beside the checkout.
pub(crate) fn description_file() -> Option<PathBuf> {
    const FILE: &str = "../../../shared/api/datto-rmm-openapi-3.1-build-235.json";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if !path.exists() {
        eprintln!("not compared: the API description {FILE} is not beside the checkout");
        return None;
    }
    Some(path)
}

/// Starts a server whose answers are all compared with the API's description.
pub(crate) fn start(config: Config) -> Checked {
    let check_answers = config.check_answers.clone().or_else(description_file);
    let config = Config {
        check_answers,
        ..config
    };
    Checked(Server::start(config).expect("the server starts"))
}

/// A server that fails its test at the end if one of its answers did not fit.
pub(crate) struct Checked(Server);

impl Deref for Checked {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.0
    }
}

impl Drop for Checked {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.counters().invalid_answers, BTreeMap::new());
        }
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("the body is UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("the header is ASCII"))
    }
}

/// A client of one server.
pub(crate) struct Client {
    agent: Agent,
    pub(crate) url: String,
    pub(crate) token: String,
}

impl Client {
    /// A client that has a token.
    pub(crate) fn new(server: &Server) -> Self {
        let mut client = Self::without_token(server);
        let answer = client.login(server.key(), server.secret());
        assert_eq!(answer.status, 200, "{}", answer.text());
        client.token = answer.json()["access_token"]
            .as_str()
            .expect("a token")
            .to_owned();
        client
    }

    pub(crate) fn without_token(server: &Server) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .max_idle_connections_per_host(32)
            .build();
        Self {
            agent: config.into(),
            url: server.url(),
            token: "none".to_owned(),
        }
    }

    pub(crate) fn login(&self, key: &str, secret: &str) -> Answer {
        self.post_form(&[
            ("grant_type", "password"),
            ("username", key),
            ("password", secret),
        ])
    }

    pub(crate) fn post_form(&self, form: &[(&str, &str)]) -> Answer {
        let request = self.agent.post(format!("{}/auth/oauth/token", self.url));
        whole(
            request
                .header("Authorization", BASIC)
                .send_form(form.iter().copied())
                .expect("an answer"),
        )
    }

    /// GETs a path below `/api/v2`, or a whole URL.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.try_get(path)
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The same, where no whole answer may come.
    pub(crate) fn try_get(&self, path: &str) -> Result<Answer, ureq::Error> {
        try_whole(self.request("GET", path)?)
    }

    pub(crate) fn post(&self, path: &str) -> Answer {
        whole(self.request("POST", path).expect("an answer"))
    }

    pub(crate) fn call(&self, method: &str, path: &str) -> Answer {
        whole(self.request(method, path).expect("an answer"))
    }

    /// A request with a body; `content_type` is left out if it is empty.
    pub(crate) fn send(&self, method: &str, path: &str, content_type: &str, body: &str) -> Answer {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/api/{path}", self.url))
            .header("Authorization", format!("Bearer {}", self.token));
        let request = if content_type.is_empty() {
            request
        } else {
            request.header("Content-Type", content_type)
        };
        let request = request.body(body.to_owned()).expect("a request");
        whole(self.agent.run(request).expect("an answer"))
    }

    /// A write below `/api/v2` with a JSON body.
    pub(crate) fn write(&self, method: &str, path: &str, body: &Value) -> Answer {
        let path = format!("v2/{path}");
        self.send(method, &path, "application/json", &body.to_string())
    }

    fn request(&self, method: &str, path: &str) -> Result<Response<ureq::Body>, ureq::Error> {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}/api/v2/{path}", self.url)
        };
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(url)
            .header("Authorization", format!("Bearer {}", self.token))
            .body(())
            .expect("a request");
        self.agent.run(request)
    }

    /// A control request with a JSON body.
    pub(crate) fn control(&self, method: &str, path: &str, body: &str) -> Answer {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/_sim/{path}", self.url))
            .body(body.to_owned())
            .expect("a request");
        whole(self.agent.run(request).expect("an answer"))
    }

    /// Sets fault rules through the control endpoint.
    pub(crate) fn set_faults(&self, rules: &str) {
        let answer = self.control("PUT", "faults", rules);
        assert_eq!(answer.status, 204, "{}", answer.text());
    }

    /// All items of a list, by following `nextPageUrl`, and the number of pages.
    pub(crate) fn walk(&self, path: &str, name: &str) -> (Vec<Value>, usize) {
        let (mut items, mut pages) = (Vec::new(), 0);
        let mut next = Some(path.to_owned());
        while let Some(url) = next {
            let mut page = self.get(&url).json();
            pages += 1;
            let Value::Array(list) = page[name].take() else {
                panic!("{url}: no {name} in {page}")
            };
            assert_eq!(page["pageDetails"]["count"], list.len(), "{url}");
            items.extend(list);
            next = page["pageDetails"]["nextPageUrl"]
                .as_str()
                .map(str::to_owned);
        }
        (items, pages)
    }
}

fn whole(response: Response<ureq::Body>) -> Answer {
    try_whole(response).expect("a whole body")
}

fn try_whole(mut response: Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let bytes = response
        .body_mut()
        .with_config()
        .limit(64 << 20)
        .read_to_vec()?;
    Ok(Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        bytes,
    })
}

/// Sends a GET over a bare socket, with more header lines if wanted; gives all bytes that came, and
/// how the connection ended.
pub(crate) fn bare_get(
    server: &Server,
    token: &str,
    path: &str,
    more: &str,
) -> (Vec<u8>, io::Result<usize>) {
    let mut stream = bare(server);
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: sim\r\nAuthorization: Bearer {token}\r\n{more}\r\n");
    stream
        .write_all(request.as_bytes())
        .expect("the request is sent");
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes);
    (bytes, end)
}

pub(crate) fn bare(server: &Server) -> TcpStream {
    let address = server.url().trim_start_matches("http://").to_owned();
    let stream = TcpStream::connect(address).expect("the server takes connections");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// The names of an object's fields, in order.
pub(crate) fn fields(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

/// One field of every item.
pub(crate) fn pluck<'a>(items: &'a [Value], field: &str) -> Vec<&'a str> {
    items
        .iter()
        .map(|item| item[field].as_str().expect("a text"))
        .collect()
}
