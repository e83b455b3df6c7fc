//! The calls: signed, within the budget, read into the words of [`crate::model`].

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use secrecy::ExposeSecret as _;

use super::access::{Access, Timing, unix};
use super::limit::Limiter;
use super::request::{self, Call};
use super::signer::{Signer, Wall};
use super::stop::Stop;
use super::transport::Transport;
use super::wire;
use crate::model::codes;
use crate::model::error::{ApiError, Fault, Remedy};
use crate::model::group::{GroupAnswer, GroupList, JoinedGroups, Member, Profile, TopicAnswer};
use crate::model::ids::{Conversation, GroupId, UserId};
use crate::model::message::{Ask, Page};
use crate::model::request::percent_encoded;
use crate::model::text::Clean;

/// The service, as one profile sees it. Clones share the call budget, the
/// UserSig and the stop.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    access: Access,
    wall: Wall,
    signer: Signer,
    transport: Transport,
    budget: Limiter,
    /// `get_appid_group_list` has a limit of its own.
    list_budget: Limiter,
    stop: Mutex<Stop>,
    /// Wakes those who wait for a place when the stop falls.
    stopped: tokio::sync::Notify,
    calls: AtomicU64,
    /// Seconds the service's clock is ahead of ours.
    ahead: Mutex<Option<i64>>,
}

/// A tenth of a second goes to what the network does to the distance between two calls.
const LIST_WINDOW: Duration = Duration::from_millis(1100);

/// The service counts arrivals, we count departures; a hundredth is what they may move
/// together. More would cost a walk that uses all of the budget more than the two hundredths
/// that late timers and this may cost it.
const WINDOW: Duration = Duration::from_millis(1010);

/// Refusals that a new UserSig may cure.
const STALE_USERSIG: [u32; 4] = [70_001, 70_003, 70_005, 70_052];

impl Client {
    /// A client for one profile. Costs nothing: no network, no TLS before the first call.
    #[must_use]
    pub fn new(access: Access) -> Self {
        Self::with_timing(access, Timing::default())
    }

    /// [`Client::new`] with other time-outs or another clock.
    #[must_use]
    pub fn with_timing(access: Access, timing: Timing) -> Self {
        let signer = Signer::new(&access, Arc::clone(&timing.wall));
        let transport = Transport::new(&access, timing.connect, timing.call);
        // 200 is the service's own limit; the quota is shared with others (api-facts 1.10).
        let budget = Limiter::new(access.calls_per_second.clamp(1, 200), WINDOW);
        Self {
            inner: Arc::new(Inner {
                access,
                wall: timing.wall,
                signer,
                transport,
                budget,
                list_budget: Limiter::new(1, LIST_WINDOW),
                stop: Mutex::default(),
                stopped: tokio::sync::Notify::new(),
                calls: AtomicU64::new(0),
                ahead: Mutex::default(),
            }),
        }
    }

    /// One page of a conversation's history.
    ///
    /// # Errors
    /// As all calls here: an [`ApiError`] that names command, subject and remedy.
    pub async fn history(&self, conversation: &Conversation, ask: &Ask) -> Result<Page, ApiError> {
        let call = request::history(conversation, ask);
        self.answer(call, |body, sig| {
            let mut page = wire::page(body, conversation)?;
            withhold_secret(&mut page.info, sig);
            Ok(page)
        })
        .await
    }

    /// A thousand group IDs from the cursor `next` on (0 at first), at most once a second.
    ///
    /// # Errors
    /// See [`Client::history`].
    pub async fn group_ids(&self, next: u64) -> Result<GroupList, ApiError> {
        self.list_groups(next, 1000).await
    }

    pub(super) async fn list_groups(&self, next: u64, limit: u32) -> Result<GroupList, ApiError> {
        let call = request::group_ids(next, limit);
        self.answer(call, |body, _| wire::group_list(body)).await
    }

    /// What is known of these groups, at most 50. No call for none.
    ///
    /// # Errors
    /// See [`Client::history`].
    pub async fn group_info(&self, groups: &[GroupId]) -> Result<Vec<GroupAnswer>, ApiError> {
        debug_assert!(groups.len() <= 50, "get_group_info takes 50 groups");
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        self.answer(request::group_info(groups), |body, _| {
            wire::group_info(body)
        })
        .await
    }

    /// A hundred of the groups `user` is in, after the first `offset`.
    ///
    /// # Errors
    /// See [`Client::history`].
    pub async fn joined_groups(
        &self,
        user: &UserId,
        offset: u32,
    ) -> Result<JoinedGroups, ApiError> {
        let call = request::joined_groups(user, offset);
        self.answer(call, |body, _| wire::joined_groups(body)).await
    }

    /// Name cards and roles of these members, at most 50. No call for none.
    ///
    /// # Errors
    /// See [`Client::history`].
    pub async fn members(
        &self,
        group: &GroupId,
        users: &[UserId],
    ) -> Result<Vec<Member>, ApiError> {
        debug_assert!(users.len() <= 50, "the command takes 50 users");
        if users.is_empty() {
            return Ok(Vec::new());
        }
        self.answer(request::members(group, users), |body, _| {
            wire::members(body)
        })
        .await
    }

    /// All topics of a community.
    ///
    /// # Errors
    /// See [`Client::history`].
    pub async fn topics(&self, group: &GroupId) -> Result<Vec<TopicAnswer>, ApiError> {
        let call = request::topics(group, &self.inner.access.identifier);
        self.answer(call, |body, _| wire::topics(body)).await
    }

    /// Nicknames of these users, at most 100. No call for none.
    ///
    /// # Errors
    /// See [`Client::history`].
    pub async fn names(&self, users: &[UserId]) -> Result<Vec<Profile>, ApiError> {
        debug_assert!(users.len() <= 100, "portrait_get takes 100 users");
        if users.is_empty() {
            return Ok(Vec::new());
        }
        self.answer(request::names(users), |body, _| wire::names(body))
            .await
    }

    /// How many calls have left so far, whatever became of them.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.inner.calls.load(Ordering::Relaxed)
    }

    /// Seconds by which the service's clock (its `Date` header) was ahead of this
    /// machine's at the last reply; negative where ours is ahead.
    #[must_use]
    pub fn clock_ahead(&self) -> Option<i64> {
        *lock(&self.inner.ahead)
    }

    /// The error that stops all calls of this client, if one does.
    #[must_use]
    pub fn stopped_by(&self) -> Option<Fault> {
        lock(&self.inner.stop).open(now()).err()
    }

    /// For how long after 70050 no call will leave, whatever anybody says.
    #[must_use]
    pub fn silent_for(&self) -> Option<Duration> {
        lock(&self.inner.stop).silent_for(now())
    }

    /// Lets calls go again after an error of the credentials family; not within
    /// the minute after 70050.
    pub fn resume(&self) {
        lock(&self.inner.stop).resume();
    }

    /// Sends a call and reads its reply, knowing the UserSig it left with; once more with a new UserSig where that may help.
    async fn answer<T>(
        &self,
        call: Call,
        read: impl Fn(&Arc<[u8]>, &str) -> Result<T, Fault> + Send,
    ) -> Result<T, ApiError> {
        let inner = &self.inner;
        let result = match inner.once(&call, &read).await {
            Err(Refused {
                fault: Fault::Service { code, .. },
                sent: Some(sent),
            }) if STALE_USERSIG.contains(&code)
                && inner.signer.renew(sent.turn, self.clock_ahead()) =>
            {
                tracing::debug!(command = call.command, code, "signing anew");
                inner.once(&call, &read).await
            }
            other => other,
        };
        result.map_err(|refused| {
            if let Some(sent) = refused.sent {
                lock(&inner.stop).note(&refused.fault, sent.epoch, now());
                if inner.open().is_err() {
                    inner.stopped.notify_waiters();
                }
            }
            ApiError {
                attempt: call.attempt(),
                fault: refused.fault,
            }
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("access", &self.inner.access)
            .finish_non_exhaustive()
    }
}

/// A call without an answer.
struct Refused {
    fault: Fault,
    /// `None` when nothing was sent.
    sent: Option<Sent>,
}

/// What a call left with.
#[derive(Clone, Copy)]
struct Sent {
    /// Which UserSig of ours.
    turn: u64,
    /// Which life of the stop.
    epoch: u64,
}

impl Inner {
    /// One attempt: wait for a place, sign, send, read.
    async fn once<T>(
        &self,
        call: &Call,
        read: impl Fn(&Arc<[u8]>, &str) -> Result<T, Fault>,
    ) -> Result<T, Refused> {
        let unsent = |fault| Refused { fault, sent: None };
        let unsigned = |cause| unsent(Fault::Unsigned { cause });
        // Before the wait, so that what cannot be sent takes no place in the row.
        self.signer.sign().map_err(unsigned)?;
        let left = self.place(call.command).await.map_err(unsent)?;
        // And after it: much may have happened meanwhile.
        let epoch = self.open().map_err(unsent)?;
        let signed = self.signer.sign().map_err(unsigned)?;
        let turn = signed.turn;
        self.calls.fetch_add(1, Ordering::Relaxed);
        let sig = signed.sig.expose_secret();
        let result = self.send(call, sig).await;
        let outcome = result.and_then(|body| read(&body, sig));
        tracing::debug!(
            host = self.access.endpoint.host(),
            command = call.command,
            millis = u64::try_from(left.elapsed().as_millis()).unwrap_or(u64::MAX),
            good = outcome.is_ok(),
            "call ended"
        );
        outcome.map_err(|fault| {
            if slows_down(&fault) {
                self.budget.slow_down(left);
            }
            Refused {
                fault: without_secret(fault, sig),
                sent: Some(Sent { turn, epoch }),
            }
        })
    }

    /// Waits until a call may leave; ends at once when the stop falls.
    async fn place(&self, command: &str) -> Result<Instant, Fault> {
        loop {
            // Made before the look at the stop: what falls in between is not missed.
            let stopped = self.stopped.notified();
            self.open()?;
            let place = async {
                match command {
                    "get_appid_group_list" => self.list_budget.leave_with(&self.budget).await,
                    _ => self.budget.leave().await,
                }
            };
            tokio::select! {
                biased;
                () = stopped => {}
                left = place => return Ok(left),
            }
        }
    }

    async fn send(&self, call: &Call, sig: &str) -> Result<Arc<[u8]>, Fault> {
        let path = format!(
            "/v4/{}/{}?sdkappid={}&identifier={}&usersig={sig}&random={}&contenttype=json",
            call.service,
            call.command,
            self.access.sdk_app_id,
            percent_encoded(&self.access.identifier),
            random(),
        );
        let reply = self.transport.post(&path, call.body.clone()).await?;
        if let Some(date) = reply.date {
            *lock(&self.ahead) = Some(unix(date).saturating_sub((self.wall)()));
        }
        Ok(reply.body)
    }

    /// Which life of the stop a call leaves in, or why it may not leave.
    fn open(&self) -> Result<u64, Fault> {
        lock(&self.stop).open(now())
    }
}

/// Whether the service, or a gateway before it, asks for fewer calls.
fn slows_down(fault: &Fault) -> bool {
    match fault {
        Fault::Service { code, .. } => codes::remedy(*code) == Remedy::Throttle,
        // Too Many Requests.
        Fault::Http { status, .. } => *status == 429,
        Fault::Unreachable { .. }
        | Fault::Certificate { .. }
        | Fault::Malformed { .. }
        | Fault::TooLarge
        | Fault::Cancelled
        | Fault::Unsigned { .. } => false,
    }
}

fn without_secret(mut fault: Fault, sig: &str) -> Fault {
    if let Fault::Http { excerpt: text, .. }
    | Fault::Service { info: text, .. }
    | Fault::Malformed { what: text } = &mut fault
    {
        withhold_secret(text, sig);
    }
    fault
}

/// Nobody needs to repeat our UserSig to us, but if they do it stops here.
fn withhold_secret(text: &mut Clean, sig: &str) {
    // Longer than the beginning that all UserSigs have in common.
    let telling: String = sig.chars().take(32).collect();
    if !telling.is_empty() && text.as_str().contains(&telling) {
        *text = Clean::from("(the text is withheld: it repeats the UserSig)");
    }
}

/// Fresh for every call (api-facts 2).
fn random() -> u32 {
    use ring::rand::{SecureRandom as _, SystemRandom};

    let mut bytes = [0; 4];
    // The service wants variety, not secrecy: a system without randomness still gets an answer.
    if SystemRandom::new().fill(&mut bytes).is_err() {
        return SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.subsec_nanos());
    }
    u32::from_ne_bytes(bytes)
}

/// The runtime's clock, which tests can stop.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
