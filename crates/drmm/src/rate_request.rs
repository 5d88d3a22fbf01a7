//! Asking the server what it has counted: a request beside the queue, when the quota says that it is
//! time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::account::Account;
use crate::call::Method;
use crate::credential::Credential;
use crate::error::ErrorKind;
use crate::exchange::{Exchange, Stop};
use crate::job::Job;
use crate::quota::{Report, Sent};
use crate::route::Route;
use crate::transport::Transport;

/// Where the server tells what it has counted.
const PATH: &str = "v2/system/request_rate";

/// Whether a route leads there.
pub(crate) fn is_rate(route: &Route) -> bool {
    let path = route.path().trim_end_matches('/');
    path.strip_prefix("/api/") == Some(PATH)
}

/// Asks the server what it has counted, on a thread of its own beside the requests that wait.
/// Whoever made it due hears of it, but cannot cancel it: others wait for it too.
pub(crate) fn calibrate(due: &Exchange<'_>, sent: Sent) {
    let account = Arc::clone(due.account);
    let credential = Arc::clone(due.credential);
    let transport = Arc::clone(due.transport);
    let asker = Arc::clone(due.job);
    let work = move || {
        if asker.is_cancelled() {
            // Nobody is there any more for whom to begin it; who comes next will ask.
            account.gate.permit(sent).not_sent();
            account.gate.calibrated(Report::NotAsked);
            return;
        }
        let job = Arc::default();
        let asked = catch_unwind(AssertUnwindSafe(|| {
            ask_for_rate(&account, &credential, &transport, &job, sent)
        }));
        asker.hear(&job);
        match asked {
            Ok(Ok(())) => {}
            Ok(Err(Stop::Failed(error))) => {
                asker.detail(format!("the quota could not be asked for: {error}"));
                let declined = matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound);
                account.gate.calibrated(if declined {
                    Report::Declined
                } else {
                    Report::Failed
                });
            }
            Ok(Err(Stop::Cancelled)) | Err(_) => account.gate.calibrated(Report::Failed),
        }
    };
    let spawned = std::thread::Builder::new()
        .name("drmm-quota".into())
        .spawn(work);
    if spawned.is_err() {
        due.account.gate.permit(sent).not_sent();
        due.account.gate.calibrated(Report::Failed);
    }
}

/// One attempt and no more: the queue may be shut until it ends, so it must not wait there.
fn ask_for_rate(
    account: &Arc<Account>,
    credential: &Arc<Credential>,
    transport: &Arc<Transport>,
    job: &Arc<Job>,
    sent: Sent,
) -> Result<(), Stop> {
    let mut place = Some(account.gate.permit(sent));
    let exchange = Exchange {
        account,
        credential,
        transport,
        job,
        method: Method::Get,
        route: &Route::new(PATH, None, &[])?,
        body: None,
        patient: false,
    };
    let asked = exchange.run_with(|_| Ok(()), || place.take().ok_or(Stop::Cancelled));
    // There was no token to ask with.
    if let Some(place) = place {
        place.not_sent();
    }
    asked
}
