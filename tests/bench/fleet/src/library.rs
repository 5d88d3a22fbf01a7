//! The project's own client.

use std::time::Duration;

use drmm::{Answer, Call, Method, Options, Proxy, Secret, Session, Values};
use serde_json::Value;

use crate::client::{Client, Target};

pub(crate) struct Library(Session);

impl Library {
    pub(crate) fn connect(target: Target) -> Result<Self, String> {
        let secret = Secret::new(target.secret);
        let mut options =
            Options::new(&target.url, &target.key, secret).map_err(|error| error.to_string())?;
        options.proxy = Proxy::None;
        options.window = target.window;
        options.headers = vec![("X-Forwarded-For".to_owned(), Secret::new(target.address))];
        let session = Session::connect(&options).map_err(|error| error.to_string())?;
        Ok(Self(session))
    }

    fn call(&self, call: Call) -> Result<Vec<Value>, String> {
        let stream = self
            .0
            .request(call, Values)
            .map_err(|error| error.to_string())?;
        let mut items = Vec::new();
        loop {
            match stream.next(Duration::from_secs(1)) {
                Ok(Answer::Ready(batch)) => items.extend(batch),
                Ok(Answer::Pending) => {}
                Ok(Answer::End) => return Ok(items),
                Ok(Answer::Cancelled) => return Err("cancelled".to_owned()),
                Err(error) => return Err(error.to_string()),
            }
        }
    }
}

impl Client for Library {
    fn read(&self, path: &str) -> Result<Value, String> {
        let mut items = self.call(Call::get(path))?.into_iter();
        items.next().ok_or_else(|| "an empty answer".to_owned())
    }

    fn write(&self, path: &str, body: &Value) -> Result<(), String> {
        let call = Call {
            method: Method::Post,
            body: Some(body.to_string()),
            ..Call::get(path)
        };
        self.call(call).map(drop)
    }
}
