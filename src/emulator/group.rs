//! Groups and topics, and how a test builds them.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use super::chat::{Chat, Source, Times};
use super::holes::{Scatter, Truth};
use super::hours::Hours;
use super::kind::{Kind, Member, Role};
use super::script::Line;

/// A topic of a community, with seqs of its own.
#[derive(Clone, Debug)]
pub struct Topic {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) deleted: bool,
    pub(super) chat: Chat,
}

impl Topic {
    /// A topic of `head` messages "message n".
    #[must_use]
    pub fn new(id: &str, name: &str, head: u32) -> Topic {
        Topic {
            id: id.to_owned(),
            name: name.to_owned(),
            deleted: false,
            chat: Chat::numbered(head),
        }
    }

    /// Listed still, but answers 110003.
    #[must_use]
    pub fn deleted(mut self) -> Topic {
        self.deleted = true;
        self
    }

    /// Conversations of customers and agents in place of "message n".
    #[must_use]
    pub(super) fn dialogues(mut self, seed: u64, start: i64, step: i64) -> Topic {
        self.chat.source = Source::Dialogues;
        self.chat.seed = seed;
        self.chat.times = Times::Steps { start, step };
        self
    }
}

/// One group and its history. Built by chaining; the `&mut` methods also serve
/// to change a group while the service runs ([`Emulator::change`](super::Emulator::change)).
#[derive(Clone, Debug)]
pub struct Group {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) introduction: String,
    pub(super) notification: String,
    pub(super) owner: String,
    pub(super) created: i64,
    pub(super) muted: bool,
    pub(super) members: Vec<Member>,
    /// The number of members where it is larger than the list.
    pub(super) member_num: u32,
    pub(super) dismissed: bool,
    pub(super) topics: Option<Vec<Topic>>,
    pub(super) chat: Chat,
}

impl Group {
    /// A Public group of `head` messages: message n says "message n", is from
    /// `user_{n % 5}` and was sent n - 1 minutes after the start of 2025 (UTC).
    #[must_use]
    pub fn chat(id: &str, head: u32) -> Group {
        Group {
            id: id.to_owned(),
            kind: Kind::Public,
            name: id.trim_start_matches("@TGS#").to_owned(),
            introduction: String::new(),
            notification: String::new(),
            owner: "user_0".to_owned(),
            created: 1_735_689_600,
            muted: false,
            members: (0..5).map(|n| Member::new(&format!("user_{n}"))).collect(),
            member_num: 0,
            dismissed: false,
            topics: None,
            chat: Chat::numbered(head),
        }
    }

    /// As [`Group::chat`], with every kind of hole: single ones and runs, runs
    /// of 30 that never come (a window of 20 among them is empty), an expired
    /// start, and scattered ones. From 500 messages on it has them all.
    #[must_use]
    pub fn with_holes(id: &str, head: u32) -> Group {
        let mut group = Group::chat(id, head).expired_to(head / 20);
        group.chat.holes.scatter = Some(Scatter {
            seed: u64::from(head),
            gone: 20,
            recalled: 20,
            withheld: 20,
        });
        let runs = [
            (30, 59, Truth::Withheld),
            (70, 70, Truth::Gone),
            (75, 99, Truth::Gone),
            (110, 110, Truth::Recalled),
            (112, 120, Truth::Recalled),
            (130, 130, Truth::Withheld),
            (140, 185, Truth::Withheld),
            // Back to back, so that one run borders on another.
            (200, 209, Truth::Gone),
            (210, 219, Truth::Recalled),
            (220, 250, Truth::Withheld),
            (480, 481, Truth::Recalled),
        ];
        for (first, last, truth) in runs {
            if last <= head {
                group.set_truth(first..=last, truth);
            }
        }
        group
    }

    /// As [`Group::chat`], each message an assistant's streamed answer of about
    /// this many bytes: a page of them is cut by the size of the reply.
    #[must_use]
    pub fn streams(id: &str, head: u32, bytes: usize) -> Group {
        let mut group = Group::chat(id, head);
        group.chat.source = Source::Streams(bytes);
        group
    }

    /// The group's name as members see it.
    #[must_use]
    pub fn named(mut self, name: &str) -> Group {
        name.clone_into(&mut self.name);
        self
    }

    /// The group's type.
    #[must_use]
    pub fn of_kind(mut self, kind: Kind) -> Group {
        self.kind = kind;
        self
    }

    /// Replaces the members; the first owner among them owns the group.
    #[must_use]
    pub fn with_members(mut self, members: Vec<Member>) -> Group {
        let owner = members.iter().find(|member| member.role == Role::Owner);
        self.owner = owner.map(|owner| owner.user.clone()).unwrap_or_default();
        self.members = members;
        self
    }

    /// Makes it a community with these topics.
    #[must_use]
    pub fn with_topics(mut self, topics: Vec<Topic>) -> Group {
        self.kind = Kind::Community;
        self.topics = Some(topics);
        self
    }

    /// Dismissed: still listed, but its details and history answer 10010.
    #[must_use]
    pub fn dismissed(mut self) -> Group {
        self.dismissed = true;
        self
    }

    /// Everything up to `seq` has expired.
    #[must_use]
    pub fn expired_to(mut self, seq: u32) -> Group {
        self.chat.holes.expired_to = seq;
        self
    }

    /// Messages of this range are not there, in this way.
    #[must_use]
    pub fn with_truth(mut self, seqs: RangeInclusive<u32>, truth: Truth) -> Group {
        self.set_truth(seqs, truth);
        self
    }

    /// `json` is sent byte for byte as the item of `seq`.
    #[must_use]
    pub fn with_item(mut self, seq: u32, json: impl Into<Vec<u8>>) -> Group {
        self.put(seq, json);
        self
    }

    /// This many messages come each second, counted from the world's start.
    #[must_use]
    pub fn growing(mut self, per_second: f64) -> Group {
        self.chat.growth = per_second.max(0.0);
        self
    }

    /// Message 1 was sent at `start` (Unix seconds), one more each `step` seconds.
    #[must_use]
    pub fn sent_at(mut self, start: i64, step: i64) -> Group {
        self.chat.times = Times::Steps { start, step };
        self
    }

    /// Conversations of customers and agents in place of "message n".
    #[must_use]
    pub fn dialogues(mut self, seed: u64) -> Group {
        self.chat.source = Source::Dialogues;
        self.chat.seed = seed;
        self
    }

    pub(super) fn by_hours(mut self, hours: Hours) -> Group {
        self.chat.times = Times::Hours(Arc::new(hours));
        self
    }

    pub(super) fn by_talks(mut self, hours: Hours) -> Group {
        self.chat.times = Times::Talks(Arc::new(hours));
        self
    }

    /// Appends `lines` after the head.
    pub(super) fn scripted(mut self, lines: Vec<Line>) -> Group {
        self.chat.script_from = self.chat.head.saturating_add(1);
        let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        self.chat.head = self.chat.head.saturating_add(count);
        self.chat.script = Arc::new(lines);
        self
    }

    /// Gives a range of messages another fate from now on.
    pub fn set_truth(&mut self, seqs: RangeInclusive<u32>, truth: Truth) {
        self.chat.holes.ranges.push((seqs, truth));
    }

    /// What the group says of itself: introduction and notice.
    pub fn introduce(&mut self, introduction: &str, notification: &str) {
        introduction.clone_into(&mut self.introduction);
        notification.clone_into(&mut self.notification);
    }

    /// Sends `json` as the item of `seq` from now on; a seq beyond the head
    /// becomes the head.
    pub fn put(&mut self, seq: u32, json: impl Into<Vec<u8>>) {
        self.chat.head = self.chat.head.max(seq);
        self.chat.verbatim.insert(seq, json.into());
    }

    /// One more message after the head, in the group's usual form.
    pub fn grow(&mut self, messages: u32) {
        self.chat.head = self.chat.head.saturating_add(messages);
    }

    /// Sets the newest seq; a lower one is what a group that began anew shows.
    pub fn set_head(&mut self, head: u32) {
        self.chat.head = head;
    }

    /// From now on the group answers 10010.
    pub fn dismiss(&mut self) {
        self.dismissed = true;
    }

    /// The group's ID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Newest seq when the world began (0: no messages).
    #[must_use]
    pub fn head(&self) -> u32 {
        self.chat.head(Duration::ZERO)
    }

    /// What became of a message, whatever the knobs make of it.
    #[must_use]
    pub fn truth(&self, seq: u32) -> Truth {
        self.chat.truth(seq)
    }

    /// When a message was sent, in Unix seconds.
    #[must_use]
    pub fn time(&self, seq: u32) -> i64 {
        self.chat.time(seq)
    }

    /// When `member` joined, in Unix seconds.
    pub(super) fn joined(&self, member: &Member) -> i64 {
        match member.joined {
            0 => self.created,
            joined => joined,
        }
    }

    pub(super) fn member_num(&self) -> u32 {
        let listed = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        self.member_num.max(listed)
    }
}
