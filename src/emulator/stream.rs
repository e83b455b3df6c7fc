//! A connection on which requests that are no HTTP get the service's answer.
//!
//! Such a request never reaches the service: the HTTP library answers 400 by
//! itself, without a body. The documents say that the status is always 200 and
//! the code 60002, so this puts the one in place of the other.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::reply::Refusal;

/// How the library's own answers begin. The service has no such status.
const OWN: &[u8] = b"HTTP/1.1 4";

/// A caller's connection.
#[derive(Debug)]
pub(super) struct Stream {
    tcp: TcpStream,
    /// The service's answer, of which this much is still to be written.
    left: Vec<u8>,
    /// The service's answer has been put in place: nothing follows it.
    refused: bool,
}

impl Stream {
    pub(super) fn new(tcp: TcpStream) -> Stream {
        Stream {
            tcp,
            left: Vec::new(),
            refused: false,
        }
    }

    fn drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.left.is_empty() {
            let written = ready!(Pin::new(&mut self.tcp).poll_write(cx, &self.left))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.left.drain(..written);
        }
        Poll::Ready(Ok(()))
    }
}

fn refusal() -> Vec<u8> {
    let body = Refusal::of(60_002).body();
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    [head.into_bytes(), body].concat()
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(cx, into)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !self.refused && bytes.starts_with(OWN) {
            self.refused = true;
            self.left = refusal();
        }
        if self.refused {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.drain(cx))?;
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.drain(cx))?;
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
