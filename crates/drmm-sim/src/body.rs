//! Bodies as the HTTP library sends them: whole, dripping, or without end.

use std::{
    convert::Infallible,
    future::Future,
    num::NonZeroU32,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

/// A response body.
pub(crate) enum Body {
    /// Sent at once.
    Whole(Option<Bytes>),
    /// Sent a little at a time.
    Slow { left: Bytes, pace: Pace },
    /// A list that never closes. The first frame opens it.
    Endless { opened: bool },
}

/// How fast a slow body is.
pub(crate) struct Pace {
    /// Bytes a frame.
    step: usize,
    /// Time between two frames.
    interval: Duration,
    next: Pin<Box<Sleep>>,
}

impl Body {
    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        Self::Whole(Some(bytes.into()).filter(|bytes: &Bytes| !bytes.is_empty()))
    }

    pub(crate) fn slow(bytes: Vec<u8>, bytes_per_s: NonZeroU32) -> Self {
        let rate = bytes_per_s.get();
        // Not more than twenty frames a second, whatever the rate.
        let step = rate.div_ceil(20);
        let interval = Duration::from_secs(1) * step / rate;
        Self::Slow {
            left: bytes.into(),
            pace: Pace {
                step: step as usize,
                interval,
                next: Box::pin(sleep(interval)),
            },
        }
    }

    pub(crate) fn endless() -> Self {
        Self::Endless { opened: false }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = match &mut *self {
            Self::Whole(bytes) => bytes.take(),
            Self::Slow { left, .. } if left.is_empty() => None,
            Self::Slow { left, pace } => {
                ready!(pace.next.as_mut().poll(cx));
                pace.next.as_mut().reset(Instant::now() + pace.interval);
                Some(left.split_to(pace.step.min(left.len())))
            }
            Self::Endless {
                opened: opened @ false,
            } => {
                *opened = true;
                Some(Bytes::from_static(b"{\"pageDetails\":null,\"devices\":[{}"))
            }
            Self::Endless { .. } => Some(Bytes::from_static(&FILLER)),
        };
        Poll::Ready(bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_none(),
            Self::Slow { left, .. } => left.is_empty(),
            Self::Endless { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Slow { left, .. } => SizeHint::with_exact(left.len() as u64),
            Self::Endless { .. } => SizeHint::default(),
        }
    }
}

/// More and more items: `,{}` over and over.
static FILLER: [u8; 3 * 16_384] = {
    let mut bytes = [b','; 3 * 16_384];
    let mut at = 0;
    while at < bytes.len() {
        bytes[at + 1] = b'{';
        bytes[at + 2] = b'}';
        at += 3;
    }
    bytes
};
