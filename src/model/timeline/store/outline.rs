//! What stays at hand of every message, whatever has become of its body.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::bytes::{Reader, put, put_signed};
use super::senders::Senders;
use crate::model::ids::Seq;
use crate::model::message::{AskNo, ItemState, Timestamp};
use crate::model::timeline::SeqState;
use crate::model::timeline::record::{Asked, Record, Version};

/// State, time and sender of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model::timeline) struct Sketch {
    pub(in crate::model::timeline) state: SeqState,
    /// Any time that came with the seq.
    pub(in crate::model::timeline) time: Option<Timestamp>,
    /// The time came with the item that counts.
    pub(in crate::model::timeline) has_own_time: bool,
    /// A number of [`Senders`].
    pub(in crate::model::timeline) sender: Option<u32>,
    /// `MsgRandom`, by which an audit finds what was sent twice.
    pub(in crate::model::timeline) random: Option<u32>,
    /// The latest ask that was answered with this item.
    pub(in crate::model::timeline) last: AskNo,
}

impl Sketch {
    pub(super) fn of(record: &Record, senders: &Senders) -> Self {
        let latest = record.latest();
        let message = &latest.message;
        Self {
            state: SeqState::from(&message.state),
            time: record.time(),
            has_own_time: message.time.is_some(),
            sender: message.sender.as_ref().and_then(|s| senders.number(s)),
            random: message.random,
            last: latest.asked.last,
        }
    }
}

/// A sketch, and what tells whether the body that comes again is the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) seq: Seq,
    pub(super) sketch: Sketch,
    /// The earliest ask that was answered with this item.
    pub(super) first: AskNo,
    pub(super) print: u32,
    /// Something else was said of this seq as well, which cannot be had again.
    pub(super) is_changed: bool,
    /// The body is here.
    pub(super) is_held: bool,
}

impl Entry {
    pub(super) fn of(seq: Seq, record: &Record, senders: &Senders) -> Self {
        let latest = record.latest();
        Self {
            seq,
            sketch: Sketch::of(record, senders),
            first: latest.asked.first,
            print: print(latest),
            is_changed: record.first_other().is_some(),
            is_held: true,
        }
    }

    pub(super) const fn asked(&self) -> Asked {
        Asked {
            first: self.first,
            last: self.sketch.last,
        }
    }
}

/// Tells two items apart, but for one pair in four thousand million.
pub(super) fn print(version: &Version) -> u32 {
    let mut hasher = DefaultHasher::new();
    version.message.raw.bytes().hash(&mut hasher);
    if let ItemState::Unreadable(reason) = &version.message.state {
        reason.hash(&mut hasher);
    }
    state_bits(SeqState::from(&version.message.state)).hash(&mut hasher);
    u32::try_from(hasher.finish() >> u32::BITS).unwrap_or_default()
}

// What the first byte of an entry says, beside the two bits of its state.
const HAS_TIME: u8 = 1 << 2;
const HAS_OWN_TIME: u8 = 1 << 3;
const HAS_SENDER: u8 = 1 << 4;
const IS_CHANGED: u8 = 1 << 5;
const IS_HELD: u8 = 1 << 6;
const HAS_RANDOM: u8 = 1 << 7;

/// The bits that hold the state.
const STATE: u8 = 3;

const fn state_bits(state: SeqState) -> u8 {
    match state {
        SeqState::Gone => 1,
        SeqState::Recalled => 2,
        SeqState::Unreadable => STATE,
        // An item is in none of the last two.
        SeqState::Present | SeqState::Withheld | SeqState::Unfetched => 0,
    }
}

const fn state_of(bits: u8) -> SeqState {
    match bits & STATE {
        0 => SeqState::Present,
        1 => SeqState::Gone,
        2 => SeqState::Recalled,
        _ => SeqState::Unreadable,
    }
}

/// Entries in order of their seqs, each told by how it differs from the one before.
pub(super) fn pack(entries: &[Entry]) -> Box<[u8]> {
    let mut out = Vec::new();
    let mut before = (0, 0, 0);
    for entry in entries {
        let sketch = &entry.sketch;
        let mut bits = state_bits(sketch.state);
        for (bit, is_set) in [
            (HAS_TIME, sketch.time.is_some()),
            (HAS_OWN_TIME, sketch.has_own_time),
            (HAS_SENDER, sketch.sender.is_some()),
            (IS_CHANGED, entry.is_changed),
            (IS_HELD, entry.is_held),
            (HAS_RANDOM, sketch.random.is_some()),
        ] {
            bits |= if is_set { bit } else { 0 };
        }
        let seq = entry.seq.get();
        let time = sketch.time.map_or(before.1, Timestamp::seconds);
        let last = sketch.last.0.cast_signed();
        out.push(bits);
        put(&mut out, u64::from(seq.wrapping_sub(before.0)));
        if sketch.time.is_some() {
            put_signed(&mut out, time.wrapping_sub(before.1));
        }
        if let Some(sender) = sketch.sender {
            put(&mut out, sender.into());
        }
        if let Some(random) = sketch.random {
            out.extend(random.to_le_bytes());
        }
        put_signed(&mut out, last.wrapping_sub(before.2));
        put(&mut out, sketch.last.0.wrapping_sub(entry.first.0));
        out.extend(entry.print.to_le_bytes());
        before = (seq, time, last);
    }
    out.into()
}

pub(super) fn unpack(bytes: &[u8]) -> impl Iterator<Item = Entry> {
    let mut reader = Reader(bytes);
    let mut before = (0, 0, 0);
    std::iter::from_fn(move || next(&mut reader, &mut before))
}

fn next(reader: &mut Reader<'_>, before: &mut (u32, i64, i64)) -> Option<Entry> {
    let bits = reader.byte()?;
    let has = |bit| bits & bit != 0;
    let seq = before.0.wrapping_add(u32::try_from(reader.number()?).ok()?);
    let mut time = None;
    if has(HAS_TIME) {
        before.1 = before.1.wrapping_add(reader.signed()?);
        time = Timestamp::new(before.1);
    }
    let mut sender = None;
    if has(HAS_SENDER) {
        sender = Some(u32::try_from(reader.number()?).ok()?);
    }
    let mut random = None;
    if has(HAS_RANDOM) {
        random = Some(reader.fixed()?);
    }
    let last = before.2.wrapping_add(reader.signed()?);
    let first = last.cast_unsigned().wrapping_sub(reader.number()?);
    *before = (seq, before.1, last);
    Some(Entry {
        seq: Seq::new(seq)?,
        sketch: Sketch {
            state: state_of(bits),
            time,
            has_own_time: has(HAS_OWN_TIME),
            sender,
            random,
            last: AskNo(last.cast_unsigned()),
        },
        first: AskNo(first),
        print: reader.fixed()?,
        is_changed: has(IS_CHANGED),
        is_held: has(IS_HELD),
    })
}
