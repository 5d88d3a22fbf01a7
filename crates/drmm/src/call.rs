//! One call of the API: the call document, read and turned into a route.

use serde::Deserialize;

use crate::error::{Error, ErrorKind};
use crate::route::Route;

/// An HTTP method that the API knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads; may be repeated.
    #[default]
    Get,
    /// Creates.
    Put,
    /// Updates.
    Post,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// What the caller wants of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Its JSON.
    #[default]
    Objects,
    /// Its text, unread.
    Text,
}

/// A call, as the call document of the ABI contract describes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Call {
    /// The method; `GET` by default.
    #[serde(default)]
    pub method: Method,
    /// The path below `/api/`, with `{}` for each of `args`.
    pub path: String,
    /// What the `{}` stand for; `None` takes the path as written, query and all.
    pub args: Option<Vec<String>>,
    /// Names and values appended to the query, in order.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// The body, sent as JSON.
    pub body: Option<String>,
    /// The field of a page that holds its items.
    pub items: Option<String>,
    /// Items on a page, 1 to 250; 250 by default.
    pub page_size: Option<u32>,
    /// Whether the list is read by the addresses of next pages alone: its pages have no numbers, and
    /// neither `page` nor `max` is sent.
    #[serde(default)]
    pub cursor: bool,
    /// Pages of this list fetched side by side, 1 to 32; as the options say by default.
    pub pages: Option<usize>,
    /// The fields of a page's items whose text is JSON: they are handed over as what it says.
    #[serde(default)]
    pub json_fields: Vec<String>,
    /// The fields of an item that are wanted, for the decoder: the client passes over this.
    pub fields: Option<Vec<String>>,
    /// What is wanted of the answer.
    #[serde(default)]
    pub answer: Form,
    /// Whether a request that fails is not tried again: for who has no use for a late answer.
    #[serde(default)]
    pub once: bool,
}

impl Call {
    /// A read of `path`, taken as written.
    pub fn get(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            ..Self::default()
        }
    }

    /// A read of all pages of `path`, whose items stand in the field `items`.
    pub fn pages(path: &str, items: &str) -> Self {
        Self {
            items: Some(items.to_owned()),
            ..Self::get(path)
        }
    }

    /// Reads the call document of the ABI contract.
    ///
    /// # Errors
    /// `Document` if it is not what the contract says. The message names the place and not the
    /// value, since a body may hold the value of a variable.
    pub fn from_json(document: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(document).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let message = format!("the call document is not valid at line {line}, column {column}");
            Error::new(ErrorKind::Document, message)
        })
    }

    pub(crate) fn route(&self) -> Result<Route, Error> {
        Route::new(&self.path, self.args.as_deref(), &self.query)
    }

    pub(crate) fn page_size(&self) -> Result<u32, Error> {
        match self.page_size {
            None => Ok(crate::pages::PAGE_SIZE),
            Some(size @ 1..=crate::pages::PAGE_SIZE) => Ok(size),
            Some(size) => {
                let message = format!(
                    "a page of {size} items; it must be 1 to {}",
                    crate::pages::PAGE_SIZE
                );
                Err(Error::new(ErrorKind::InvalidArgument, message))
            }
        }
    }

    /// Pages of this list fetched side by side; `usual` unless the call says so.
    pub(crate) fn side_by_side(&self, usual: usize) -> Result<usize, Error> {
        let pages = self.pages.unwrap_or(usual);
        crate::options::side_by_side(pages)
            .map_err(|message| Error::new(ErrorKind::InvalidArgument, message))
    }
}
