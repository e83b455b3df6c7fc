//! The items of 64 neighbouring seqs: open while they are being learnt, closed afterwards.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use super::outline::{self, Entry, Sketch};
use super::parcel::Parcel;
use super::senders::Senders;
use super::texts::{Said, Texts};
use crate::model::ids::Seq;
use crate::model::message::{AskNo, Message};
use crate::model::needle::Needle;
use crate::model::timeline::record::Record;

/// Records in order of their seqs.
pub(super) type Records = Vec<(Seq, Record)>;

#[derive(Debug, Clone)]
pub(super) enum Leaf {
    Open(Open),
    Closed(Closed),
}

/// Can be added to.
#[derive(Debug, Clone, Default)]
pub(super) struct Open {
    records: Records,
    /// Of each record.
    said: Vec<Said>,
    /// What is known of items whose bodies were given up, in order of their seqs.
    missing: Vec<Entry>,
}

/// As small as it gets.
#[derive(Debug, Clone, Default)]
pub(super) struct Closed {
    /// Of all items.
    outline: Box<[u8]>,
    /// Of those that are held.
    parcel: Parcel,
    /// Nothing has been given up.
    is_whole: bool,
    /// What was in the parcel, for as long as somebody reads in it.
    lent: OnceLock<Box<Records>>,
}

impl Leaf {
    pub(super) fn new() -> Self {
        Self::Open(Open::default())
    }

    /// Whether the bodies of all its items are here.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Self::Open(open) => open.missing.is_empty(),
            Self::Closed(closed) => closed.is_whole,
        }
    }

    /// The records it holds. Calls `lends` if they had to be taken out of the parcel.
    pub(super) fn records(&self, senders: &Senders, lends: impl FnOnce()) -> &Records {
        match self {
            Self::Open(open) => &open.records,
            Self::Closed(closed) => {
                let mut is_new = false;
                let records = closed.lent.get_or_init(|| {
                    is_new = true;
                    Box::new(closed.parcel.open(senders))
                });
                if is_new {
                    lends();
                }
                records
            }
        }
    }

    /// Shows the records it holds, without lending them.
    pub(super) fn show(&self, senders: &Senders, mut look: impl FnMut(&Records)) {
        match self {
            Self::Open(open) => look(&open.records),
            Self::Closed(closed) => match closed.lent.get() {
                Some(lent) => look(lent),
                None => look(&closed.parcel.open(senders)),
            },
        }
    }

    /// Whether it holds the body of any item.
    pub(super) fn holds_any(&self) -> bool {
        match self {
            Self::Open(open) => !open.records.is_empty(),
            Self::Closed(closed) => !closed.parcel.is_empty(),
        }
    }

    /// What a search looks through once it is closed; `None` where it has to look at the
    /// items.
    pub(super) fn texts(&self) -> Option<Texts> {
        match self {
            Self::Open(open) => Texts::of(open.items().map(|(seq, _, said)| (seq, said))),
            Self::Closed(_) => None,
        }
    }

    /// Looks at one item of `range` after another. Calls `found` with those that hold
    /// `needle`, in order. Says what it cost.
    pub(super) fn search(
        &self,
        needle: &Needle,
        range: &RangeInclusive<Seq>,
        senders: &Senders,
        mut found: impl FnMut(Seq),
    ) -> usize {
        let mut cost = 0;
        let mut look = |seq: Seq, record: &Record, said: &Said| {
            cost += said.cost();
            if said.holds(needle, &record.latest().message) {
                found(seq);
            }
        };
        match self {
            Self::Open(open) => {
                let items = open.items().filter(|(seq, ..)| range.contains(seq));
                items.for_each(|(seq, record, said)| look(seq, record, said));
            }
            Self::Closed(_) => self.show(senders, |records| {
                for (seq, record) in cut(records, range) {
                    look(*seq, record, &Said::UNKNOWN);
                }
            }),
        }
        cost
    }

    /// Takes back what was lent.
    pub(super) fn take_back(&mut self) {
        if let Self::Closed(closed) = self {
            closed.lent.take();
        }
    }

    /// Of all items, in order of their seqs.
    pub(super) fn sketches(&self, senders: &Senders) -> Vec<(Seq, Sketch)> {
        match self {
            Self::Open(open) => {
                let held = open.records.iter();
                let held = held.map(|(seq, record)| (*seq, Sketch::of(record, senders)));
                let missing = open.missing.iter().map(|entry| (entry.seq, entry.sketch));
                let mut all: Vec<_> = held.chain(missing).collect();
                if !open.missing.is_empty() {
                    all.sort_unstable_by_key(|(seq, _)| *seq);
                }
                all
            }
            Self::Closed(closed) => outline::unpack(&closed.outline)
                .map(|entry| (entry.seq, entry.sketch))
                .collect(),
        }
    }

    pub(super) fn sketch(&self, seq: Seq, senders: &Senders) -> Option<Sketch> {
        match self {
            Self::Open(open) => {
                let held = open.find(seq).ok().and_then(|at| open.records.get(at));
                let missing = open.missing.iter().find(|entry| entry.seq == seq);
                held.map(|(_, record)| Sketch::of(record, senders))
                    .or(missing.map(|entry| entry.sketch))
            }
            Self::Closed(closed) => outline::unpack(&closed.outline)
                .find(|entry| entry.seq == seq)
                .map(|entry| entry.sketch),
        }
    }

    pub(super) fn open(&mut self, senders: &Senders) -> &mut Open {
        if let Self::Closed(closed) = self {
            let lent = closed.lent.take();
            let records = lent.map_or_else(|| closed.parcel.open(senders), |lent| *lent);
            let missing = outline::unpack(&closed.outline).filter(|entry| !entry.is_held);
            let messages = records.iter().map(|(_, record)| &record.latest().message);
            *self = Self::Open(Open {
                said: messages.map(Said::of).collect(),
                records,
                missing: missing.collect(),
            });
        }
        match self {
            Self::Open(open) => open,
            Self::Closed(_) => unreachable!("it was opened above"),
        }
    }

    pub(super) fn close(&mut self, senders: &Senders) {
        if let Self::Open(open) = self {
            *self = Self::Closed(open.closed(senders));
        }
    }

    /// Gives up the bodies that can be had again. Says whether there were any.
    pub(super) fn give_up(&mut self, senders: &Senders) -> bool {
        self.close(senders);
        match self {
            Self::Closed(closed) if closed.is_whole => {
                closed.give_up(senders);
                true
            }
            Self::Open(_) | Self::Closed(_) => false,
        }
    }

    /// How much memory it takes, beside what is lent.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Open(open) => {
                let raws = open.records.iter().flat_map(|(_, r)| r.versions());
                let raws: usize = raws
                    .map(|v| size_of_val(v) + v.message.raw.bytes().len())
                    .sum();
                raws + open.missing.capacity() * size_of::<Entry>()
            }
            Self::Closed(closed) => closed.outline.len() + closed.parcel.bytes(),
        }
    }
}

impl Open {
    fn find(&self, seq: Seq) -> Result<usize, usize> {
        self.records.binary_search_by_key(&seq, |(seq, _)| *seq)
    }

    fn items(&self) -> impl Iterator<Item = (Seq, &Record, &Said)> {
        let records = self.records.iter().zip(&self.said);
        records.map(|((seq, record), said)| (*seq, record, said))
    }

    /// Says whether the item that counts is held now: not where it was given up, and this
    /// is an earlier answer.
    pub(super) fn add(&mut self, no: AskNo, seq: Seq, message: Message) -> bool {
        match self.find(seq) {
            Ok(at) => {
                if let Some((_, record)) = self.records.get_mut(at)
                    && let Some(said) = self.said.get_mut(at)
                {
                    record.add(no, message);
                    *said = Said::of(&record.latest().message);
                }
            }
            Err(at) => {
                let mut record = Record::new(no, message);
                let missing = self.missing.iter().position(|entry| entry.seq == seq);
                if let Some(index) = missing
                    && let Some(entry) = self.missing.get(index)
                {
                    if outline::print(record.latest()) == entry.print {
                        record.was_asked(entry.asked());
                    } else if no < entry.sketch.last {
                        return false;
                    }
                    self.missing.remove(index);
                }
                self.said.insert(at, Said::of(&record.latest().message));
                self.records.insert(at, (seq, record));
            }
        }
        true
    }

    fn closed(&self, senders: &Senders) -> Closed {
        let held = self.records.iter();
        let held = held.map(|(seq, record)| Entry::of(*seq, record, senders));
        let mut entries: Vec<Entry> = held.chain(self.missing.iter().copied()).collect();
        entries.sort_unstable_by_key(|entry| entry.seq);
        let records = self.records.iter().map(|(seq, record)| (*seq, record));
        Closed {
            outline: outline::pack(&entries),
            parcel: Parcel::of(records, senders),
            is_whole: self.missing.is_empty(),
            lent: OnceLock::new(),
        }
    }
}

impl Closed {
    fn give_up(&mut self, senders: &Senders) {
        let mut entries: Vec<Entry> = outline::unpack(&self.outline).collect();
        // What was said before a change cannot be had again.
        let kept: Records = if entries.iter().any(|entry| entry.is_changed) {
            let mut all = self.parcel.open(senders);
            all.retain(|(_, record)| record.first_other().is_some());
            all
        } else {
            Vec::new()
        };
        for entry in &mut entries {
            entry.is_held = entry.is_changed;
        }
        *self = Self {
            outline: outline::pack(&entries),
            parcel: if kept.is_empty() {
                Parcel::default()
            } else {
                Parcel::of(kept.iter().map(|(seq, record)| (*seq, record)), senders)
            },
            is_whole: false,
            lent: OnceLock::new(),
        };
    }
}

/// The part of `records` that lies in `range`.
pub(super) fn cut<'r>(records: &'r Records, range: &RangeInclusive<Seq>) -> &'r [(Seq, Record)] {
    let from = records.partition_point(|(seq, _)| seq < range.start());
    let to = records.partition_point(|(seq, _)| seq <= range.end());
    records.get(from..to).unwrap_or_default()
}
