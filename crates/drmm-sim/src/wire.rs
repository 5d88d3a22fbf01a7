//! The connection's socket, which can be told to send something else than the HTTP library would.
//!
//! A body that is cut short or a reset in the middle of a header is nothing that an HTTP server
//! library lets its user do. So a handler that wants one puts the exact bytes into the slot; the
//! library's own (empty) response is then thrown away, the bytes go out in its place, and the
//! connection ends as they say.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// Where a handler leaves the bytes of its connection's next, and last, answer.
pub(crate) type Slot = Arc<Mutex<Option<RawAnswer>>>;

/// Exact bytes, and how the connection ends behind them.
#[derive(Debug)]
pub(crate) struct RawAnswer {
    pub(crate) bytes: Vec<u8>,
    pub(crate) end: End,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    /// In order: the client reads an end of file.
    Close,
    /// With a reset: the client's read fails.
    Reset,
}

/// A socket with such a slot.
pub(crate) struct Wire {
    stream: TcpStream,
    slot: Slot,
    sending: Option<(RawAnswer, usize)>,
}

impl Wire {
    pub(crate) fn new(stream: TcpStream, slot: Slot) -> Self {
        Self {
            stream,
            slot,
            sending: None,
        }
    }

    /// Sends the raw answer if there is one. Ends in an error, whereupon the library drops the socket.
    fn poll_raw(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Error>> {
        if self.sending.is_none() {
            self.sending = self.slot.lock().take().map(|answer| (answer, 0));
        }
        let Some((answer, sent)) = &mut self.sending else {
            return Poll::Ready(None);
        };
        while *sent < answer.bytes.len() {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, &answer.bytes[*sent..])) {
                Ok(written) => *sent += written,
                Err(error) => return Poll::Ready(Some(error)),
            }
        }
        let ended = match answer.end {
            // Without lingering, closing the socket sends a reset.
            End::Reset => self.stream.set_zero_linger(),
            End::Close => ready!(Pin::new(&mut self.stream).poll_shutdown(cx)),
        };
        Poll::Ready(Some(
            ended
                .err()
                .unwrap_or_else(|| io::ErrorKind::ConnectionAborted.into()),
        ))
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match ready!(self.poll_raw(cx)) {
            Some(end) => Poll::Ready(Err(end)),
            None => Pin::new(&mut self.stream).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match ready!(self.poll_raw(cx)) {
            Some(end) => Poll::Ready(Err(end)),
            None => Pin::new(&mut self.stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
