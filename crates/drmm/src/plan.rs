//! The requests of a stream: none, one, or one for each page.

use crate::envelope::PageRead;
use crate::error::{Error, ErrorKind};
use crate::job::Job;
use crate::options::Keys;
use crate::pages::{Astray, Balance, PagePlan};
use crate::route::Route;

/// The requests of a stream.
pub(crate) enum Plan {
    /// None: only the session's token.
    Token { asked: bool, ended: bool },
    /// None: the answer is a new token for `keys`.
    Grant {
        keys: Keys,
        asked: bool,
        given: bool,
    },
    /// One.
    One { route: Option<Route>, given: bool },
    /// One for each page; `items` is the field that holds a page's items, and the text of their
    /// fields `folded` is JSON.
    Pages {
        items: String,
        folded: Vec<String>,
        plan: Box<PagePlan>,
    },
}

impl Plan {
    pub(crate) fn ask(&mut self, eager: bool) -> Option<(u64, Option<Route>)> {
        match self {
            Self::Token { asked, .. } | Self::Grant { asked, .. } => {
                (!std::mem::replace(asked, true)).then_some((0, None))
            }
            Self::One { route, .. } => route.take().map(|route| (0, Some(route))),
            Self::Pages { plan, .. } => {
                plan.ask(eager).map(|(number, route)| (number, Some(route)))
            }
        }
    }

    /// What was to be asked for was not; it is the next again.
    pub(crate) fn take_back(&mut self, task: Option<Route>) {
        match (self, task) {
            (Self::Token { asked, .. } | Self::Grant { asked, .. }, _) => *asked = false,
            (Self::One { route, .. }, task) => *route = task,
            (Self::Pages { plan, .. }, Some(task)) => plan.take_back(task),
            (Self::Pages { .. }, None) => {}
        }
    }

    /// An answer has come. Gives the number of its items that had come on other pages before.
    pub(crate) fn came(
        &mut self,
        number: u64,
        route: Option<&Route>,
        read: &PageRead,
    ) -> Result<u64, Astray> {
        match (self, route) {
            (Self::Pages { plan, .. }, Some(route)) => plan.came(number, route, read),
            (Self::Token { ended, .. }, _) => {
                *ended = true;
                Ok(0)
            }
            _ => Ok(0),
        }
    }

    pub(crate) fn gave(&mut self, items: u64) {
        match self {
            Self::Token { .. } => {}
            Self::Grant { given, .. } | Self::One { given, .. } => *given = true,
            Self::Pages { plan, .. } => plan.gave(items),
        }
    }

    pub(crate) fn wanted(&self) -> u64 {
        match self {
            Self::Token { .. } => 0,
            Self::Grant { given, .. } | Self::One { given, .. } => u64::from(*given),
            Self::Pages { plan, .. } => plan.wanted(),
        }
    }

    /// Requests that are sure to come.
    pub(crate) fn coming(&self) -> u64 {
        match self {
            Self::Pages { plan, .. } => plan.coming(),
            Self::Token { .. } | Self::Grant { .. } | Self::One { .. } => 0,
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        match self {
            Self::Token { ended, .. } => *ended,
            Self::Grant { given, .. } | Self::One { given, .. } => *given,
            Self::Pages { plan, .. } => plan.is_done(),
        }
    }

    /// An error in the middle of a list says how much of it had come.
    pub(crate) fn explain(&self, error: Error) -> Error {
        match self {
            Self::Pages { plan, .. } if plan.wanted() > 0 => {
                let total = plan
                    .announced()
                    .map(|total| format!(" of {total}"))
                    .unwrap_or_default();
                let message = format!(
                    "the list is incomplete: {}{total} items had come, then {error}",
                    plan.items_given()
                );
                error.with_message(message)
            }
            _ => error,
        }
    }

    /// A list that ends, but not as announced, says so; one that lacks a page or more is an error.
    pub(crate) fn conclude(&self, job: &Job, told: bool) -> Result<(), Error> {
        let Self::Pages { plan, .. } = self else {
            return Ok(());
        };
        let total = plan.announced().unwrap_or_default();
        let came = match plan.repeated() {
            0 => format!("{} came", plan.items_given()),
            repeated => format!("{} came, {repeated} of them twice", plan.items_given()),
        };
        match plan.balance() {
            Balance::Broken => {
                let message = format!(
                    "the list is incomplete: {} of {total} items had come, then the server named no more",
                    plan.items_given()
                );
                return Err(Error::new(ErrorKind::Malformed, message));
            }
            Balance::Fewer if !told => job.warn(format!(
                "the server announced {total} items and {came}: some were removed while the list was read, \
                 or the server left them out"
            )),
            Balance::Fell { by, to } if !told => job.warn(format!(
                "the server's total fell by {by} to {to} while the list was read: for each item that was \
                 removed, another may be missing here; read the list again"
            )),
            Balance::Later(added) if !told => job.detail(format!(
                "the server announced {total} items and {came}: {added} were added while the list was read"
            )),
            Balance::More if !told => job.detail(format!(
                "the server announced {total} items and {came}: some were added while the list was read"
            )),
            _ => {}
        }
        Ok(())
    }
}
