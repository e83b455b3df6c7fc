//! `group_msg_get_simple`: a page of a group's history.

use super::super::chat::Chat;
use super::super::fields::Fields;
use super::super::group::Group;
use super::super::holes::Truth;
use super::super::knobs::{Echo, Knobs, Order, PageRule, Recalled, Unasked};
use super::super::reply::Refusal;
use super::super::said::{Shown, json};
use super::{Context, group};

/// Most messages of one reply.
const MOST: usize = 20;

/// Longest topic ID in bytes.
const LONGEST_TOPIC: usize = 96;

/// What was asked for, all fields checked.
#[derive(Debug)]
struct Ask<'a> {
    chat: &'a Chat,
    /// Highest seq wanted, at most the newest there is.
    top: u32,
    number: u64,
    recalled: bool,
    horizon: Option<i64>,
}

/// The items of a page, and how it ended.
#[derive(Debug, Default)]
struct Page {
    items: Vec<Vec<u8>>,
    bytes: usize,
    /// Something that was asked for did not fit.
    cut: bool,
    /// An item has not expired.
    alive: bool,
}

pub(super) fn pull(fields: Fields<'_>, context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let id = fields.required("GroupId")?;
    let number = fields.integer("ReqMsgNumber", 1, u32::MAX.into())?;
    let number = number.ok_or_else(|| fields.bad("ReqMsgNumber is required"))?;
    let from = fields.integer("ReqMsgSeq", 0, u32::MAX.into())?;
    let recalled = fields.switch("WithRecalledMsg")?;
    let topic = fields.string("TopicId")?;
    let group = group(id, context)?;
    if !group.kind.has_history() {
        return Err(Refusal::of(10_044));
    }
    let chat = chat(group, topic, fields)?;
    let head = chat.head(context.now.elapsed);
    let age = context.knobs.expiry.map(|age| age.as_secs());
    let horizon = age.map(|age| context.now.unix - i64::try_from(age).unwrap_or(i64::MAX));
    // 0 counts as "not given", as at least one client library has it.
    let from = from.and_then(|seq| u32::try_from(seq).ok());
    let ask = Ask {
        chat,
        top: from
            .filter(|seq| *seq > 0)
            .map_or(head, |seq| seq.min(head)),
        number,
        recalled,
        horizon,
    };
    let page = ask.page(context.knobs);
    let echo = match (context.knobs.echo, topic) {
        (Echo::Group, _) | (Echo::Topic, None) => id,
        (Echo::Topic, Some(topic)) => topic,
        (Echo::Other, _) => "@TGS#OTHER",
    };
    Ok(reply(echo, &page, context.knobs))
}

fn chat<'a>(
    group: &'a Group,
    topic: Option<&str>,
    fields: Fields<'_>,
) -> Result<&'a Chat, Refusal> {
    let Some(id) = topic else {
        return Ok(&group.chat);
    };
    if !matches!(group.kind, super::super::Kind::Community) {
        return Err(fields.bad("TopicId is for communities"));
    }
    if id.is_empty() || id.len() > LONGEST_TOPIC {
        return Err(fields.bad("TopicId"));
    }
    let topics = group.topics.as_ref().ok_or_else(|| Refusal::of(11_000))?;
    let topic = topics.iter().find(|topic| topic.id == id && !topic.deleted);
    topic
        .map(|topic| &topic.chat)
        .ok_or_else(|| Refusal::of(110_003))
}

impl Ask<'_> {
    fn page(&self, knobs: &Knobs) -> Page {
        let wanted = usize::try_from(self.number).map_or(MOST, |number| number.min(MOST));
        let mut page = Page::default();
        let mut seq = self.top;
        while seq > 0 {
            let full = match knobs.page_rule {
                PageRule::CountMessages => page.items.len() >= wanted,
                PageRule::WindowOfSeqs => {
                    usize::try_from(self.top - seq).is_ok_and(|n| n >= wanted)
                }
            };
            if full {
                page.cut = self.number > u64::try_from(MOST).unwrap_or(0);
                break;
            }
            if let Some(shown) = self.shown(seq, knobs) {
                let mut item = Vec::new();
                self.chat.write(&mut item, seq, shown);
                if !page.items.is_empty() && page.bytes + item.len() > knobs.reply_cap {
                    page.cut = true;
                    break;
                }
                page.bytes += item.len();
                page.items.push(item);
                page.alive |= !self.chat.expired(seq, self.horizon);
            }
            seq -= 1;
        }
        match knobs.order {
            Order::NewestFirst => {}
            Order::OldestFirst => page.items.reverse(),
        }
        page
    }

    /// `None` for a message that the reply does not mention.
    fn shown(&self, seq: u32, knobs: &Knobs) -> Option<Shown> {
        let truth = self.chat.truth(seq);
        if truth != Truth::Withheld && self.chat.expired(seq, self.horizon) {
            return Some(Shown::Gone);
        }
        match truth {
            Truth::Present => Some(Shown::Whole),
            Truth::Gone => Some(Shown::Gone),
            Truth::Withheld => None,
            Truth::Recalled if self.recalled => match knobs.recalled {
                Recalled::Listed => Some(Shown::Recalled {
                    body: self.chat.keeps_body(seq),
                }),
                Recalled::ListedWithBody => Some(Shown::Recalled { body: true }),
                Recalled::WithheldEvenWhenAsked => None,
                Recalled::AsGone => Some(Shown::Gone),
            },
            Truth::Recalled => match knobs.unasked {
                Unasked::LeftOut => None,
                Unasked::AsGone => Some(Shown::Gone),
            },
        }
    }
}

/// Put together from bytes: an item may hold what no JSON writer would write.
fn reply(echo: &str, page: &Page, knobs: &Knobs) -> Vec<u8> {
    let bare = knobs.bare_replies;
    let finished = knobs.is_finished.unwrap_or(match (page.cut, page.alive) {
        (false, _) => 1,
        (true, true) => 0,
        (true, false) => 2,
    });
    let mut out = Vec::with_capacity(page.bytes + 300);
    let status = if bare { "" } else { "\"ActionStatus\":\"OK\"," };
    out.extend_from_slice(format!("{{{status}\"ErrorCode\":0,").as_bytes());
    if !bare {
        out.extend_from_slice(b"\"ErrorInfo\":");
        out.extend_from_slice(&json(&knobs.page_info));
        out.push(b',');
    }
    out.extend_from_slice(b"\"GroupId\":");
    out.extend_from_slice(&json(echo));
    out.extend_from_slice(format!(",\"IsFinished\":{finished},\"RspMsgList\":[").as_bytes());
    out.extend_from_slice(&page.items.join(&b','));
    out.extend_from_slice(b"]}");
    out
}
