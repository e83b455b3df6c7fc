//! Records as deflated bytes. Their JSON comes out byte for byte.

use std::cell::RefCell;
use std::sync::Arc;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::bytes::{Reader, put, put_signed};
use super::senders::Senders;
use crate::model::ids::Seq;
use crate::model::message::{AskNo, ItemState, Message, Raw, Timestamp};
use crate::model::timeline::record::{Asked, Record, Version};

/// Of 1 to 9. Higher ones take twice the time and save little.
const LEVEL: u32 = 4;

thread_local! {
    // A third of a megabyte each: too much to make one for every parcel, or to have one
    // for every conversation.
    static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL), false));
    static INFLATE: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// Records and all their versions, small.
#[derive(Debug, Clone, Default)]
pub(super) struct Parcel {
    /// As long as `size` where deflating would have made it longer.
    bytes: Box<[u8]>,
    size: usize,
}

impl Parcel {
    pub(super) fn of<'r>(
        records: impl Iterator<Item = (Seq, &'r Record)>,
        senders: &Senders,
    ) -> Self {
        let (mut facts, mut raws) = (Vec::new(), Vec::new());
        let mut before = (0, 0);
        for (seq, record) in records {
            put(&mut facts, u64::from(seq.get().wrapping_sub(before.0)));
            before.0 = seq.get();
            put(&mut facts, record.versions().count() as u64);
            for version in record.versions() {
                write(&mut facts, version, senders, &mut before.1);
                raws.extend_from_slice(version.message.raw.bytes());
            }
        }
        let mut plain = Vec::with_capacity(facts.len() + raws.len() + size_of::<u64>());
        put(&mut plain, facts.len() as u64);
        plain.extend(facts);
        plain.extend(raws);
        let size = plain.len();
        let bytes = deflate(&plain).unwrap_or(plain).into();
        Self { bytes, size }
    }

    pub(super) fn open(&self, senders: &Senders) -> Vec<(Seq, Record)> {
        let plain: Arc<[u8]> = if self.bytes.len() == self.size {
            Arc::from(&*self.bytes)
        } else {
            Arc::from(inflate(&self.bytes, self.size).unwrap_or_default())
        };
        let mut records = Vec::new();
        let mut reader = Reader(&plain);
        let Some(facts) = reader.number().and_then(|len| usize::try_from(len).ok()) else {
            return records;
        };
        let mut source = Source {
            at: plain.len() - reader.0.len() + facts,
            plain: &plain,
            reader,
            senders,
            seq: 0,
            time: 0,
        };
        let end = plain.len() - source.at;
        while source.reader.0.len() > end
            && let Some(record) = source.record()
        {
            records.push(record);
        }
        records
    }

    /// Nothing was put in.
    pub(super) const fn is_empty(&self) -> bool {
        self.size == 0
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

// What the first byte of a version says, beside the two bits of its state.
const IS_SYSTEM: u8 = 1 << 2;
const IS_REPAIRED: u8 = 1 << 3;
const HAS_TIME: u8 = 1 << 4;
const HAS_SENDER: u8 = 1 << 5;
const HAS_RANDOM: u8 = 1 << 6;
const HAS_PRIORITY: u8 = 1 << 7;

/// The bits that hold the state; as a state it is "unreadable", with a reason.
const STATE: u8 = 3;

fn write(out: &mut Vec<u8>, version: &Version, senders: &Senders, before: &mut i64) {
    let message = &version.message;
    let sender = message.sender.as_ref().and_then(|s| senders.number(s));
    let mut bits = match &message.state {
        ItemState::Present => 0,
        ItemState::Gone => 1,
        ItemState::Recalled => 2,
        ItemState::Unreadable(_) => STATE,
    };
    for (bit, is_set) in [
        (IS_SYSTEM, message.system),
        (IS_REPAIRED, message.repaired),
        (HAS_TIME, message.time.is_some()),
        (HAS_SENDER, sender.is_some()),
        (HAS_RANDOM, message.random.is_some()),
        (HAS_PRIORITY, message.priority.is_some()),
    ] {
        bits |= if is_set { bit } else { 0 };
    }
    out.push(bits);
    put(out, version.asked.first.0);
    let last = version.asked.last.0;
    put(out, last.wrapping_sub(version.asked.first.0));
    if let Some(time) = message.time {
        put_signed(out, time.seconds().wrapping_sub(*before));
        *before = time.seconds();
    }
    if let Some(sender) = sender {
        put(out, sender.into());
    }
    if let Some(random) = message.random {
        out.extend(random.to_le_bytes());
    }
    if let Some(priority) = message.priority {
        put_signed(out, priority);
    }
    if let ItemState::Unreadable(reason) = &message.state {
        put(out, reason.len() as u64);
        out.extend(reason.as_bytes());
    }
    put(out, message.raw.bytes().len() as u64);
}

/// Where records are read from.
struct Source<'a> {
    plain: &'a Arc<[u8]>,
    reader: Reader<'a>,
    /// Where the next JSON begins.
    at: usize,
    senders: &'a Senders,
    seq: u32,
    time: i64,
}

impl Source<'_> {
    fn record(&mut self) -> Option<(Seq, Record)> {
        let step = u32::try_from(self.reader.number()?).ok()?;
        self.seq = self.seq.wrapping_add(step);
        let seq = Seq::new(self.seq)?;
        let versions = self.reader.number()?;
        let latest = self.version(seq)?;
        let earlier: Option<Vec<Version>> = (1..versions).map(|_| self.version(seq)).collect();
        Some((seq, Record::from_versions(latest, earlier?)))
    }

    fn version(&mut self, seq: Seq) -> Option<Version> {
        let bits = self.reader.byte()?;
        let has = |bit| bits & bit != 0;
        let first = self.reader.number()?;
        let last = first.wrapping_add(self.reader.number()?);
        let mut time = None;
        if has(HAS_TIME) {
            self.time = self.time.wrapping_add(self.reader.signed()?);
            time = Timestamp::new(self.time);
        }
        let mut sender = None;
        if has(HAS_SENDER) {
            let number = u32::try_from(self.reader.number()?).ok()?;
            sender = self.senders.get(number).cloned();
        }
        let random = if has(HAS_RANDOM) {
            Some(self.reader.fixed()?)
        } else {
            None
        };
        let priority = if has(HAS_PRIORITY) {
            Some(self.reader.signed()?)
        } else {
            None
        };
        let state = match bits & STATE {
            0 => ItemState::Present,
            1 => ItemState::Gone,
            2 => ItemState::Recalled,
            _ => ItemState::Unreadable(self.text()?),
        };
        let len = usize::try_from(self.reader.number()?).ok()?;
        let raw = Raw::new(Arc::clone(self.plain), self.at..self.at + len);
        self.at += len;
        Some(Version {
            asked: Asked {
                first: AskNo(first),
                last: AskNo(last),
            },
            message: Message {
                seq: Some(seq),
                time,
                sender,
                state,
                system: has(IS_SYSTEM),
                random,
                priority,
                repaired: has(IS_REPAIRED),
                raw,
            },
        })
    }

    fn text(&mut self) -> Option<String> {
        let len = usize::try_from(self.reader.number()?).ok()?;
        String::from_utf8(self.reader.take(len)?.to_vec()).ok()
    }
}

/// `None` where it would not be shorter.
fn deflate(plain: &[u8]) -> Option<Vec<u8>> {
    DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        let mut out = Vec::with_capacity(plain.len());
        let status = deflate.compress_vec(plain, &mut out, FlushCompress::Finish);
        let is_whole = matches!(status, Ok(Status::StreamEnd));
        (is_whole && out.len() < plain.len()).then_some(out)
    })
}

fn inflate(bytes: &[u8], size: usize) -> Option<Vec<u8>> {
    INFLATE.with_borrow_mut(|inflate| {
        inflate.reset(false);
        let mut out = Vec::with_capacity(size);
        let status = inflate.decompress_vec(bytes, &mut out, FlushDecompress::Finish);
        matches!(status, Ok(Status::StreamEnd)).then_some(out)
    })
}
