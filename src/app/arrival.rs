//! How a jump is shown on its way, and what is said on arrival.

use super::App;
use super::going::below;
use super::history::History;
use super::jobs::hunt::{Found, Hunt, Landing};
use super::jobs::search::{Search, Towards};
use super::jobs::sieve::Sieve;
use super::line::{Line, Role};
use super::work::{Job, Purpose};
use crate::model::goto::MessageId;
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::text;
use crate::model::text::grouped;
use crate::model::time::{self, Zone};
use crate::model::timeline::Stretch;

impl App {
    /// A hunt under way: between which seqs the place lies by now, as numbers and,
    /// where there is room, as a part of the whole line.
    pub(super) fn hunt_progress(&self, hunt: &Hunt) -> Line {
        let mut line = Line::of(Role::Accent, "looking");
        let head = self.history().and_then(|h| h.timeline().head());
        let Some((head, bracket)) = head.zip(hunt.bracket()) else {
            line.say(Role::Dim, " · the newest page has to come first");
            return line;
        };
        let (first, last) = (grouped(bracket.first()), grouped(bracket.last()));
        let words = format!(" · {first}-{last}, {} seqs", grouped(bracket.len()));
        line.say(Role::Text, words);
        let cost = format!(" · round {}, {} calls", hunt.rounds(), hunt.calls());
        line.say(Role::Dim, cost);
        let rest = " · Esc stops".len() + " ".len();
        let room = usize::from(self.size.width).saturating_sub(line.width() + rest);
        // Fewer cells would hardly show how the bracket shrinks.
        if room >= 12 {
            line.say(Role::Text, " ");
            line.append(strip(bracket, head, room.min(40)));
        }
        line
    }

    /// The first part of a message ID is done; looks for its number from here.
    /// `false` where there is nowhere to look.
    pub(super) fn look_for_message(&mut self, landing: &Landing, purpose: Purpose) -> bool {
        let Purpose::Message(id) = purpose else {
            return false;
        };
        match landing.what {
            Found::At(_) | Found::Oldest(_) => {}
            Found::AfterTheNewest(_) | Found::Untimed { .. } | Found::Nothing | Found::Failed => {
                return false;
            }
        }
        // The search looks above where it begins, and there is nothing below seq 1.
        let first = |history: &History| {
            let known = history.timeline().known(Seq::FIRST)?;
            Some(id.is_of(known.random, known.time))
        };
        if landing.seq == Seq::FIRST && self.history().and_then(first) == Some(true) {
            self.found_by_id(Seq::FIRST, id);
            return true;
        }
        self.start_job(Job::Match {
            search: Search::new(below(landing.seq), Towards::Newer, None),
            sieve: Sieve::new(),
            id,
        });
        true
    }

    /// A message with the number of an ID was found near its time.
    pub(super) fn found_by_id(&mut self, seq: Seq, id: MessageId) {
        let Some(history) = self.history_mut() else {
            return;
        };
        history.go_to(seq);
        let time = history.timeline().known(seq).and_then(|m| m.time);
        let off = time.map(|t| t.seconds().abs_diff(id.time.seconds()));
        let clock = match off {
            Some(0) | None => String::new(),
            Some(off) => format!(
                " · {} off the ID's time, the sender's clock",
                text::span_s(off)
            ),
        };
        self.say(
            Role::Text,
            format!("seq {} · MsgRandom {}{clock}", grouped(seq), id.random),
        );
    }

    /// No message near the time of an ID has its number: goes to the time.
    /// So many seqs on the way could not be had.
    pub(super) fn not_found_by_id(&mut self, id: MessageId, failed: u32) {
        let near = self.history().and_then(|h| {
            let fences = h.timeline().fences(id.time);
            fences.above.or(fences.below).map(|(seq, _)| seq)
        });
        if let (Some(seq), Some(history)) = (near, self.history_mut()) {
            history.go_to(seq);
        }
        if failed > 0 {
            self.miss(Purpose::Message(id));
            let words = format!(
                "MsgRandom {} not found, but {} seqs on the way failed · r retries",
                id.random,
                grouped(failed)
            );
            self.say(Role::Error, words);
            return;
        }
        self.say(Role::Warning, id.not_found());
    }
}

/// The line from seq 1 to the head in so many cells, the bracket marked in it.
fn strip(bracket: Stretch, head: Seq, cells: usize) -> Line {
    let cells_u64 = u64::try_from(cells.saturating_sub(2)).unwrap_or(1);
    let cell = |seq: Seq| u64::from(seq.get() - 1) * cells_u64 / u64::from(head.get());
    let (from, to) = (cell(bracket.first()), cell(bracket.last()));
    let times = |n: u64| usize::try_from(n).unwrap_or(0);
    let mut line = Line::of(Role::Dim, "[");
    line.say(Role::Dim, ".".repeat(times(from)));
    line.say(Role::Accent, "=".repeat(times(to - from + 1)));
    line.say(
        Role::Dim,
        ".".repeat(times(cells_u64.saturating_sub(to + 1))),
    );
    line.say(Role::Dim, "]");
    line
}

/// Where a hunt landed, to be put in words.
pub(super) struct Arrival<'a> {
    pub(super) landing: &'a Landing,
    pub(super) purpose: Purpose,
    /// What the place lacks.
    pub(super) lacking: Option<&'a str>,
    pub(super) zone: &'a Zone,
}

impl Arrival<'_> {
    /// The nearest time found, how far that is from what was asked, and what it
    /// cost: all of it where there is room.
    pub(super) fn words(&self, room: usize) -> Line {
        let all = [(true, true), (false, true), (false, false)];
        let mut lines = all
            .map(|(offset, cost)| self.line(offset, cost))
            .into_iter();
        let mut line = lines.next().unwrap_or_default();
        for shorter in lines {
            if line.width() > room {
                line = shorter;
            }
        }
        line
    }

    fn asked(&self) -> Option<Timestamp> {
        match self.purpose {
            Purpose::Time(time) | Purpose::Back { time, .. } => Some(time),
            Purpose::Message(id) => Some(id.time),
            Purpose::Start => None,
        }
    }

    fn line(&self, offset: bool, cost: bool) -> Line {
        let (role, words) = self.place(offset);
        let mut line = Line::new();
        if let Purpose::Message(id) = self.purpose {
            let looked = match self.landing.what {
                Found::At(_) | Found::AfterTheNewest(_) | Found::Oldest(_) => "no",
                Found::Untimed { .. } | Found::Nothing | Found::Failed => "not looked for",
            };
            let words = format!("{looked} MsgRandom {} · ", id.random);
            line.say(Role::Warning, words);
        }
        line.say(role, words);
        if let Some(lacking) = self.lacking {
            line.say(Role::Warning, format!(" · {lacking}"));
        }
        if let Some((before, after)) = self.landing.backwards {
            let (before, after) = (grouped(before), grouped(after));
            line.say(
                Role::Warning,
                format!(" · times go backwards at {before}-{after}"),
            );
        }
        let Landing { calls, rounds, .. } = *self.landing;
        if cost && calls > 0 {
            let one = |n: u32, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
            let words = format!(" · {} in {}", one(calls, "call"), one(rounds, "round"));
            line.say(Role::Dim, words);
        }
        line
    }

    fn place(&self, offset: bool) -> (Role, String) {
        let asked = self.asked();
        let seq = grouped(self.landing.seq);
        let at = |time: Timestamp| {
            let dated = time::dated(time, self.zone);
            let short = dated.rsplit_once(' ').map_or("", |(short, _)| short);
            format!("seq {seq} · {}", if offset { &dated } else { short })
        };
        let far = |time: Timestamp| asked.map(|asked| distance(asked, time)).unwrap_or_default();
        match self.landing.what {
            Found::At(time) => (Role::Text, format!("{}{}", at(time), far(time))),
            Found::AfterTheNewest(Some(time)) => (
                Role::Warning,
                format!("the newest is {}{}", at(time), far(time)),
            ),
            Found::AfterTheNewest(None) => (
                Role::Warning,
                format!("nothing so late: went to the newest, seq {seq}"),
            ),
            Found::Oldest(Some(time)) if asked.is_some() => (
                Role::Warning,
                format!("the oldest left is {}{}", at(time), far(time)),
            ),
            Found::Oldest(Some(time)) => {
                (Role::Text, format!("the oldest that is left: {}", at(time)))
            }
            Found::Oldest(None) => (Role::Text, format!("the oldest that is left: seq {seq}")),
            Found::Untimed { first, last } => (
                Role::Warning,
                format!(
                    "{}-{} have no usable time: what was asked lies in there",
                    grouped(first),
                    grouped(last)
                ),
            ),
            Found::Nothing => (Role::Warning, "no message is left here".to_owned()),
            Found::Failed => (
                Role::Error,
                "not found: the pages that would tell failed · r retries".to_owned(),
            ),
        }
    }
}

/// ` · 3 min later than asked`; empty where it is the very second.
fn distance(asked: Timestamp, found: Timestamp) -> String {
    let seconds = asked.seconds().abs_diff(found.seconds());
    if seconds == 0 {
        return String::new();
    }
    let side = if found > asked { "later" } else { "earlier" };
    format!(" · {} {side} than asked", text::span_s(seconds))
}
