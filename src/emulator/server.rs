//! The server: one thread, real HTTP/1 on the loopback address.

use std::convert::Infallible;
use std::future;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::sync::oneshot;

use super::faults::{Fault, Faults};
use super::gate::{self, Asked};
use super::knobs::Knobs;
use super::limits::Limits;
use super::log::{Call, Log};
use super::reply::Refusal;
use super::stream::Stream;
use super::world::World;
use super::{IDENTIFIER, SDK_APP_ID, SECRET_KEY, mix};

/// Largest request read; the service's own limit is not known.
const LARGEST: usize = 1 << 20;

/// The page of the gateway in front, when what is behind it is down.
const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// A running service. Dropping it stops it and joins its thread.
#[derive(Debug)]
pub struct Emulator {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the calls have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) world: Mutex<World>,
    pub(super) knobs: Mutex<Knobs>,
    pub(super) limits: Mutex<Limits>,
    log: Mutex<Log>,
    faults: Mutex<Faults>,
    started: Instant,
}

/// Locks; a panic elsewhere does not make the value unusable.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Emulator {
    /// Starts a service on 127.0.0.1; port 0 takes any free one.
    ///
    /// # Errors
    /// When the port is taken, or no thread can be started.
    pub fn start(world: World, knobs: Knobs, port: u16) -> std::io::Result<Emulator> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            world: Mutex::new(world),
            knobs: Mutex::new(knobs),
            limits: Mutex::default(),
            log: Mutex::default(),
            faults: Mutex::default(),
            started: Instant::now(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("emulator".to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    tokio::select! {
                        // Stopped, or the handle is gone: either way the end.
                        _ = stopped => {}
                        () = accept(listener, serving) => {}
                    }
                });
            })?;
        Ok(Emulator {
            shared,
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint to configure, without a path.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes the knobs for calls that arrive from now on; "every n-th" counts anew.
    pub fn set(&self, knobs: Knobs) {
        *lock(&self.shared.knobs) = knobs;
        lock(&self.shared.faults).restart();
    }

    /// The knobs as they are.
    #[must_use]
    pub fn knobs(&self) -> Knobs {
        lock(&self.shared.knobs).clone()
    }

    /// Changes the world between two calls: a message recalled, a group dismissed.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut lock(&self.shared.world))
    }

    /// The calls so far in order of arrival; the newest 100,000, or fewer when
    /// they were large.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.shared.log).all()
    }

    /// How many calls came too fast, by the sliding windows of the knobs.
    #[must_use]
    pub fn violations(&self) -> u64 {
        lock(&self.shared.limits).violations()
    }

    /// A complete configuration for this service, to be pasted into a file.
    #[must_use]
    pub fn profile_toml(&self) -> String {
        let url = self.url();
        format!(
            "default_profile = \"demo\"\n\n\
             [profiles.demo]\n\
             label = \"demo\"\n\
             sdk_app_id = {SDK_APP_ID}\n\
             identifier = \"{IDENTIFIER}\"\n\
             endpoint = \"{url}\"\n\
             # The public key of Tencent's own samples, not a secret.\n\
             secret_key_command = [\"printf\", \"%s\", \"{SECRET_KEY}\"]\n"
        )
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there was printed there; here there is nothing to add.
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, most likely: let some be closed.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| {
            let shared = Arc::clone(&shared);
            async move { Ok::<_, Infallible>(answer(&shared, request).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .half_close(true)
            .serve_connection(TokioIo::new(Stream::new(stream)), service);
        tokio::spawn(async move {
            // The caller went away; nobody is left to be told.
            let _ = connection.await;
        });
    }
}

async fn answer(shared: &Shared, request: Request<Incoming>) -> Response<Reply> {
    let (head, body) = request.into_parts();
    let knobs = lock(&shared.knobs).clone();
    let body = Limited::new(body, LARGEST).collect();
    let body = match tokio::time::timeout(knobs.patience, body).await {
        Ok(Ok(body)) => body.to_bytes().to_vec(),
        // Read no further: nothing of that size is a request for what is here.
        Ok(Err(error)) if error.is::<LengthLimitError>() => Vec::new(),
        // The caller broke off in the middle: that was no call, and counts as none.
        Ok(Err(_)) => return Response::new(Reply::whole(Vec::new())),
        Err(_) => return Response::new(Reply::whole(Refusal::of(60_008).body())),
    };
    let asked = Asked::new(&head, body);
    let call = Call {
        order: 0,
        command: asked.command().to_owned(),
        query: asked.query(),
        body: Value::Null,
        outcome: None,
        at: shared.started.elapsed(),
        done: None,
    };
    let order = lock(&shared.log).arrive(call, asked.body().to_vec());
    let fault = lock(&shared.faults).next(&knobs, asked.command());
    let delay = delay(&knobs, order, &asked);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let result = match fault {
        Some(Fault::Hang) => future::pending().await,
        Some(Fault::BadGateway) => {
            lock(&shared.log).finish(order, 502, shared.started.elapsed());
            return bad_gateway(&knobs);
        }
        Some(Fault::Code(code)) => Err(Refusal::of(code)),
        Some(Fault::Cut) | None => gate::serve(shared, &knobs, &asked),
    };
    let (code, body) = match result {
        Ok(body) => (0, body),
        Err(refusal) => (refusal.code, refusal.body()),
    };
    lock(&shared.log).finish(order, code, shared.started.elapsed());
    let mut response = Response::new(Reply::whole(body));
    date(&mut response, shared, &knobs);
    if fault == Some(Fault::Cut) {
        let length = HeaderValue::from(response.body().left.len());
        response.headers_mut().insert(CONTENT_LENGTH, length);
        response.body_mut().cut();
    }
    response
}

fn delay(knobs: &Knobs, order: u64, asked: &Asked) -> Duration {
    // In thousandths of the jitter.
    let part = u32::try_from(mix(0x0017, order) % 1001).unwrap_or(0);
    let slow = knobs.slow_group.as_ref();
    let slow = slow.filter(|(id, _)| asked.json()["GroupId"] == id.as_str());
    let more = slow.map_or(Duration::ZERO, |(_, more)| *more);
    knobs.latency + knobs.jitter * part / 1000 + more
}

fn bad_gateway(knobs: &Knobs) -> Response<Reply> {
    let mut response = Response::new(Reply::whole(BAD_GATEWAY.as_bytes().to_vec()));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    let html = HeaderValue::from_static("text/html");
    response.headers_mut().insert(CONTENT_TYPE, html);
    if let Some(date) = http_date(super::clock::unix_now() + knobs.clock_skew) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

fn date(response: &mut Response<Reply>, shared: &Shared, knobs: &Knobs) {
    let now = lock(&shared.world).now(knobs.time_passed).unix;
    if let Some(date) = http_date(now.saturating_add(knobs.clock_skew)) {
        response.headers_mut().insert(DATE, date);
    }
}

/// As in RFC 9110: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(unix: i64) -> Option<HeaderValue> {
    let time = jiff::Timestamp::from_second(unix).ok()?;
    HeaderValue::from_str(&time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

/// A body that can break off in the middle.
#[derive(Debug)]
struct Reply {
    left: Bytes,
    cut: bool,
}

impl Reply {
    fn whole(body: Vec<u8>) -> Reply {
        Reply {
            left: body.into(),
            cut: false,
        }
    }

    fn cut(&mut self) {
        self.left.truncate(self.left.len() / 2);
        self.cut = true;
    }
}

impl hyper::body::Body for Reply {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if !self.left.is_empty() {
            let all = std::mem::take(&mut self.left);
            return Poll::Ready(Some(Ok(Frame::data(all))));
        }
        let broken = || std::io::Error::other("cut on purpose");
        Poll::Ready(self.cut.then(|| Err(broken())))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && !self.cut
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        if self.cut {
            hyper::body::SizeHint::default()
        } else {
            hyper::body::SizeHint::with_exact(u64::try_from(self.left.len()).unwrap_or(0))
        }
    }
}
