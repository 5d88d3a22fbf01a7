//! Fields that no client knows, to see whether a client lets them through.

use serde::Serialize;

/// An unknown scalar, object and array, at the end of an item.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Extra {
    future_scalar: &'static str,
    future_object: FutureObject,
    future_list: [i32; 3],
}

#[derive(Serialize)]
struct FutureObject {
    stage: &'static str,
    inner: FutureInner,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FutureInner {
    reviewed_at: i64,
    nothing: Option<bool>,
}

impl Default for Extra {
    fn default() -> Self {
        Self {
            future_scalar: "tomorrow",
            future_object: FutureObject {
                stage: "pilot",
                inner: FutureInner {
                    reviewed_at: crate::seed::EPOCH_MS,
                    nothing: None,
                },
            },
            future_list: [1, 2, 3],
        }
    }
}
