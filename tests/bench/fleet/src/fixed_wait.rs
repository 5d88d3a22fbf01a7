//! The yardstick: a plain client that knows nothing of the quota. After a 429 it sleeps a fixed time
//! and sends the request again, after a 403 a longer one, whatever the answer says.

use std::{sync::Mutex, sync::PoisonError, thread, time::Duration};

use serde_json::Value;
use ureq::{Agent, Body, http};

use crate::client::{Client, Target};

/// `public-client:public`.
const BASIC: &str = "Basic cHVibGljLWNsaWVudDpwdWJsaWM=";

pub(crate) struct FixedWait {
    agent: Agent,
    target: Target,
    wait: Duration,
    after_block: Duration,
    /// Fetched with the first request.
    token: Mutex<Option<String>>,
}

type Sent = Result<http::Response<Body>, ureq::Error>;

impl FixedWait {
    pub(crate) fn connect(
        target: Target,
        wait: Duration,
        after_block: Duration,
    ) -> Result<Self, String> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .max_idle_connections_per_host(32)
            .build();
        Ok(Self {
            agent: config.into(),
            target,
            wait,
            after_block,
            token: Mutex::default(),
        })
    }

    /// Sends until the answer is neither 429 nor 403.
    fn persist(&self, send: impl Fn() -> Sent) -> Result<String, String> {
        loop {
            let mut answer = send().map_err(|error| error.to_string())?;
            let text = answer
                .body_mut()
                .read_to_string()
                .map_err(|error| error.to_string())?;
            match answer.status().as_u16() {
                200 => return Ok(text),
                429 => thread::sleep(self.wait),
                403 => thread::sleep(self.after_block),
                status => return Err(format!("status {status}")),
            }
        }
    }

    fn token(&self) -> Result<String, String> {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = &*token {
            return Ok(token.clone());
        }
        let form = [
            ("grant_type", "password"),
            ("username", &self.target.key),
            ("password", &self.target.secret),
        ];
        let answer = self.persist(|| {
            self.agent
                .post(format!("{}/auth/oauth/token", self.target.url))
                .header("Authorization", BASIC)
                .header("X-Forwarded-For", &self.target.address)
                .send_form(form)
        })?;
        let answer: Value = serde_json::from_str(&answer).map_err(|error| error.to_string())?;
        let fresh = answer["access_token"]
            .as_str()
            .ok_or("no token in the answer")?;
        Ok(token.insert(fresh.to_owned()).clone())
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<String, String> {
        let token = self.token()?;
        let text = body.map(ToString::to_string);
        self.persist(|| {
            let request = http::Request::builder()
                .method(method)
                .uri(format!("{}/api/{path}", self.target.url))
                .header("Authorization", format!("Bearer {token}"))
                .header("X-Forwarded-For", &self.target.address);
            match &text {
                None => self.agent.run(request.body(())?),
                Some(text) => self.agent.run(
                    request
                        .header("Content-Type", "application/json")
                        .body(text.as_bytes())?,
                ),
            }
        })
    }
}

impl Client for FixedWait {
    fn read(&self, path: &str) -> Result<Value, String> {
        let text = self.send("GET", path, None)?;
        let answer = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        match answer {
            Value::Array(mut items) if !items.is_empty() => Ok(items.swap_remove(0)),
            other => Ok(other),
        }
    }

    fn write(&self, path: &str, body: &Value) -> Result<(), String> {
        self.send("POST", path, Some(body)).map(drop)
    }
}
