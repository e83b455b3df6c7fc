//! A service in virtual time: latency, jitter, failures and holes, behind the real call budget.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tim_history::api::Limiter;
use tim_history::export::Service;
use tim_history::model::error::{ApiError, Attempt, Fault};
use tim_history::model::group::{Member, Profile};
use tim_history::model::ids::{Conversation, GroupId, Seq, UserId};
use tim_history::model::message::{
    Ask, Finished, ItemState, Message, Page, PageSize, Raw, Timestamp,
};
use tim_history::model::text::{Clean, clean};
use tim_history::model::timeline::SeqState;
use tokio::time::Instant;

/// The client's own window.
const WINDOW: Duration = Duration::from_millis(1010);

pub(crate) fn seq(number: u32) -> Seq {
    Seq::new(number).expect("tests name no zero")
}

/// SplitMix64.
pub(crate) fn mix(seed: u64, value: u64) -> u64 {
    let mut z = seed ^ value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// How the service behaves.
#[derive(Debug, Clone)]
pub(crate) struct Nature {
    pub(crate) rate: u32,
    pub(crate) latency: Duration,
    /// Percent of the latency, either way.
    pub(crate) jitter: u64,
    /// Every so many calls fail so.
    pub(crate) fails: Option<(u64, Fault)>,
    /// Calls for a page with this seq always fail so.
    pub(crate) poison: Option<(u32, Fault)>,
    /// From this call on everything fails so.
    pub(crate) dead_from: Option<(u64, Fault)>,
    /// Whether holes make room for older messages.
    pub(crate) counts_messages: bool,
    /// Of a thousand seqs, so many are holes of each kind: gone, recalled, withheld.
    pub(crate) holes: u64,
    /// At most so many items come in one reply.
    pub(crate) cut: usize,
    pub(crate) head: u32,
    pub(crate) seed: u64,
    /// The first calls for nicknames that fail so.
    pub(crate) nameless: Option<(u64, Fault)>,
    /// Every 30 seqs somebody else speaks, and names those before and after; otherwise
    /// seven people take turns.
    pub(crate) crowd: bool,
}

impl Nature {
    pub(crate) fn good(head: u32) -> Self {
        Self {
            rate: 200,
            latency: Duration::from_millis(20),
            jitter: 30,
            fails: None,
            poison: None,
            dead_from: None,
            counts_messages: true,
            holes: 30,
            cut: 20,
            head,
            seed: 1,
            nameless: None,
            crowd: false,
        }
    }

    pub(crate) fn truth(&self, seq: u32) -> SeqState {
        let chance = mix(self.seed, u64::from(seq)) % 1_000;
        match chance / self.holes.max(1) {
            0 if self.holes > 0 => SeqState::Gone,
            1 if self.holes > 0 => SeqState::Recalled,
            2 if self.holes > 0 => SeqState::Withheld,
            _ => SeqState::Present,
        }
    }

    fn answer(&self, ask: Ask) -> Page {
        let top = ask.seq.map_or(self.head, Seq::get).min(self.head);
        let count = ask.count.get();
        let mut items = Vec::new();
        let mut finished = Finished::Whole;
        for number in (1..=top).rev() {
            let most = usize::try_from(count).expect("small");
            let full = if self.counts_messages {
                items.len() >= most
            } else {
                top - number >= count
            };
            if full {
                break;
            }
            if items.len() >= self.cut {
                finished = Finished::Cut;
                break;
            }
            items.extend(self.item(number));
        }
        Page {
            items,
            finished,
            info: Clean::default(),
        }
    }

    fn item(&self, number: u32) -> Option<Message> {
        let mut message = item(number, self.truth(number))?;
        if self.crowd {
            let (before, by, after) = (number / 30, number / 30 + 1, number / 30 + 2);
            let text = format!("user_{before} said to user_{by}: ask user_{after}");
            message.sender = Some(UserId::new(format!("user_{by}")));
            message.raw = Raw::from(
                format!(
                    r#"{{"MsgSeq":{number},"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}}]}}"#
                )
                .as_str(),
            );
        }
        Some(message)
    }
}

fn item(number: u32, state: SeqState) -> Option<Message> {
    let state = match state {
        SeqState::Present => ItemState::Present,
        SeqState::Gone => ItemState::Gone,
        SeqState::Recalled => ItemState::Recalled,
        SeqState::Withheld | SeqState::Unreadable | SeqState::Unfetched => return None,
    };
    Some(Message {
        seq: Seq::new(number),
        time: Timestamp::new(1_700_000_000 + i64::from(number)),
        sender: Some(UserId::new(format!("user_{}", number % 7))),
        state,
        system: false,
        random: None,
        priority: None,
        repaired: false,
        raw: Raw::from(format!("{{\"MsgSeq\":{number}}}").as_str()),
    })
}

/// The service; clones are the same one.
#[derive(Debug, Clone)]
pub(crate) struct Fake(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    nature: Nature,
    limiter: Limiter,
    left: Mutex<Vec<Instant>>,
    named: AtomicU64,
}

impl Fake {
    pub(crate) fn new(nature: Nature) -> Self {
        Self(Arc::new(Inner {
            limiter: Limiter::new(nature.rate, WINDOW),
            left: Mutex::default(),
            named: AtomicU64::new(0),
            nature,
        }))
    }

    /// When calls left.
    pub(crate) fn left(&self) -> Vec<Instant> {
        self.0.left.lock().expect("no test panics in there").clone()
    }

    fn fault(&self, call: u64, ask: Ask) -> Option<Fault> {
        let nature = &self.0.nature;
        if let Some((from, fault)) = &nature.dead_from
            && call >= *from
        {
            return Some(fault.clone());
        }
        if let (Some((at, fault)), Some(top)) = (&nature.poison, ask.seq) {
            let first = top.back(ask.count.get() - 1);
            if (first.get()..=top.get()).contains(at) {
                return Some(fault.clone());
            }
        }
        let (every, fault) = nature.fails.as_ref()?;
        call.is_multiple_of(*every).then(|| fault.clone())
    }
}

impl Service for Fake {
    async fn page(&self, _: &Conversation, ask: &Ask) -> Result<Page, ApiError> {
        let nature = &self.0.nature;
        let sent = self.0.limiter.leave().await;
        let call = {
            let mut left = self.0.left.lock().expect("no test panics in there");
            left.push(sent.into());
            u64::try_from(left.len()).expect("small")
        };
        let spread = nature.jitter * 2 + 1;
        let percent = 100 - nature.jitter + mix(nature.seed, call) % spread;
        let wait = nature.latency * u32::try_from(percent).expect("small") / 100;
        tokio::time::sleep(wait).await;
        let Some(fault) = self.fault(call, *ask) else {
            return Ok(nature.answer(*ask));
        };
        if throttles(&fault) {
            self.0.limiter.slow_down(sent);
        }
        Err(ApiError {
            attempt: Attempt {
                command: "group_msg_get_simple",
                subject: None,
                seq: ask.seq,
            },
            fault,
        })
    }

    async fn head(&self, _: &Conversation) -> Result<Option<Seq>, ApiError> {
        Ok(Seq::new(self.0.nature.head))
    }

    async fn cards(&self, _: &GroupId, _: &[UserId]) -> Result<Vec<Member>, ApiError> {
        Ok(Vec::new())
    }

    async fn nicks(&self, users: &[UserId]) -> Result<Vec<Profile>, ApiError> {
        tokio::time::sleep(self.0.nature.latency).await;
        let call = self.0.named.fetch_add(1, Ordering::Relaxed);
        if let Some((until, fault)) = &self.0.nature.nameless
            && call < *until
        {
            let attempt = Attempt {
                command: "portrait_get",
                subject: None,
                seq: None,
            };
            let fault = fault.clone();
            return Err(ApiError { attempt, fault });
        }
        let profile = |user: &UserId| Profile {
            user: user.clone(),
            nick: Some(format!("Nick of {}", user.as_str())),
        };
        Ok(users.iter().map(profile).collect())
    }
}

pub(crate) fn service_fault(code: u32) -> Fault {
    Fault::Service {
        code,
        info: clean(""),
    }
}

fn throttles(fault: &Fault) -> bool {
    *fault == service_fault(60_007)
}

pub(crate) fn bad_gateway() -> Fault {
    Fault::Http {
        status: 502,
        excerpt: clean(""),
    }
}

pub(crate) fn unreachable_fault() -> Fault {
    Fault::Unreachable {
        host: "nowhere".to_owned(),
        cause: clean("no network"),
    }
}

pub(crate) fn conversation() -> Conversation {
    Conversation::group(GroupId::new("G"))
}

/// The seqs of the first page, for an ask of one's own.
pub(crate) fn newest() -> Ask {
    Ask {
        seq: None,
        count: PageSize::FULL,
        generation: 0,
        no: tim_history::model::message::AskNo(1),
    }
}
