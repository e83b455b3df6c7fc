//! Where records go: into a file with its checkpoint, or to standard output. Blocking.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};

use super::checkpoint::{self, Options, Reached};
use super::digest::Digest;
use super::manifest::{Asked, Calls, Came, Manifest, Order};
use super::record::Record;
use super::sieve::Sieve;
use super::slot::{Entry, Leg};
use super::target;
use super::veil::{Met, Veil};
use crate::model::ids::{Seq, UserId};
use crate::model::query::{Query, Subject};
use crate::model::text::Clean;
use crate::model::time::Zone;
use crate::model::timeline::SeqState;

/// Where the bytes go.
#[derive(Debug)]
pub(super) enum Place {
    /// To be gone on with if it does not come to its end.
    File {
        /// `FILE.part`.
        part: File,
        /// `FILE.checkpoint`.
        checkpoint: File,
    },
    /// Standard output, all at once or not.
    Stdout,
}

/// What decides how records look and which are written.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) zone: Zone,
    pub(super) query: Option<Query>,
    /// Whom the mask met in earlier runs, if there is one.
    pub(super) met: Vec<Met>,
}

/// What is being written.
#[derive(Debug)]
pub(super) struct Book {
    place: Place,
    asked: Asked,
    zone: Zone,
    sieve: Sieve,
    /// For outsiders alone.
    veil: Option<Veil>,
    reached: Reached,
    /// The last seq that was counted by an earlier run, until it has come by again.
    counted: Option<Seq>,
    head_bytes: u64,
    /// Over the records, and over the whole file.
    records: Digest,
    whole: Digest,
}

/// What a finished book says of itself.
#[derive(Debug, Clone)]
pub(super) struct Closed {
    pub(super) manifest: Manifest,
    /// Of the whole file, in hex.
    pub(super) sha256: String,
}

impl Book {
    /// Begins: the options into the checkpoint, the head into the file.
    pub(super) fn begin(place: Place, options: &Options, rules: Rules) -> io::Result<Self> {
        let mut book = Self::new(place, options, rules, Reached::default());
        book.note(&checkpoint::begin(options))?;
        let head = book.head();
        book.reached.next = Some(match book.asked.order {
            Order::Ascending => book.asked.from,
            Order::Descending => book.asked.to,
        });
        book.put(&head)?;
        book.note(&checkpoint::at(&book.reached.clone()))?;
        Ok(book)
    }

    /// Goes on behind what an earlier run has written.
    pub(super) fn resume(
        (part, checkpoint): (File, File),
        options: &Options,
        rules: Rules,
        reached: Reached,
    ) -> io::Result<Self> {
        let place = Place::File { part, checkpoint };
        let mut book = Self::new(place, options, rules, reached);
        book.head_bytes = u64::try_from(book.head().len()).unwrap_or_default();
        book.reread()?;
        book.reached.resumed += 1;
        book.note(&checkpoint::at(&book.reached.clone()))?;
        Ok(book)
    }

    fn new(place: Place, options: &Options, rules: Rules, reached: Reached) -> Self {
        let asked = &options.asked;
        let veil = || Veil::new(&asked.conversation(), &rules.met);
        Self {
            place,
            veil: asked.mask_ids.then(veil),
            asked: options.asked.clone(),
            zone: rules.zone,
            sieve: Sieve::new(rules.query, reached.after),
            counted: reached.counted.and_then(Seq::new),
            reached,
            head_bytes: 0,
            records: Digest::new(),
            whole: Digest::new(),
        }
    }

    fn head(&self) -> Vec<u8> {
        let manifest = Manifest {
            asked: self.asked.shown(),
            result: None,
        };
        self.asked.format.head(&manifest)
    }

    /// Hashes what is there, and drops what is behind it in both files.
    fn reread(&mut self) -> io::Result<()> {
        let Place::File { part, checkpoint } = &mut self.place else {
            return Ok(());
        };
        let mut text = Vec::new();
        checkpoint.read_to_end(&mut text)?;
        let end = text.iter().rposition(|byte| *byte == b'\n');
        let end = end.map_or(0, |at| at + 1);
        target::cut(checkpoint, u64::try_from(end).unwrap_or_default())?;
        part.seek(SeekFrom::Start(0))?;
        let mut left = self.reached.bytes;
        let mut at = 0_u64;
        // As many bytes as a disk likes to give at once.
        let mut buffer = vec![0; 1 << 16];
        while left > 0 {
            let most = usize::try_from(left)
                .unwrap_or(usize::MAX)
                .min(buffer.len());
            let room = buffer.get_mut(..most).unwrap_or_default();
            let n = part.read(room)?;
            let bytes = room.get(..n).unwrap_or_default();
            if n == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.whole.feed(bytes);
            let head = usize::try_from(self.head_bytes.saturating_sub(at)).unwrap_or(usize::MAX);
            self.records
                .feed(bytes.get(head.min(n)..).unwrap_or_default());
            let n = u64::try_from(n).unwrap_or_default();
            (at, left) = (at + n, left - n);
        }
        target::cut(part, self.reached.bytes)
    }

    /// Finding the range took so many calls.
    pub(super) fn spent(&mut self, finding: u64) {
        self.reached.calls.finding += finding;
    }

    pub(super) fn reached(&self) -> &Reached {
        &self.reached
    }

    /// Writes a page's worth of records, then notes that they are there.
    pub(super) fn write(
        &mut self,
        leg: &Leg,
        names: &BTreeMap<UserId, Clean>,
        calls: Calls,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        for entry in leg.entries() {
            let sender = entry.message.and_then(|message| message.sender.as_ref());
            let name = sender.and_then(|user| names.get(user));
            self.take(entry, name, &mut bytes);
        }
        let met = self.veil.as_mut().map(Veil::fresh);
        if let Some(met) = met.filter(|met| !met.is_empty()) {
            self.note(&checkpoint::met(met))?;
        }
        self.records.feed(&bytes);
        self.put(&bytes)?;
        self.reached.calls = calls;
        self.reached.after = self.sieve.after();
        self.reached.counted = Some(self.far_end(leg).get());
        self.reached.next = self.next(leg).map(Seq::get);
        self.note(&checkpoint::at(&self.reached.clone()))
    }

    fn take(&mut self, entry: Entry<'_>, name: Option<&Clean>, out: &mut Vec<u8>) {
        let record = match (entry.message, entry.failure) {
            (Some(message), _) => Record::of(entry.seq, message, name.cloned(), &self.zone),
            (None, Some(why)) => Record::failed(entry.seq, why),
            (None, None) => Record::withheld(entry.seq),
        };
        let record = self.for_readers(record, entry, name);
        if self.is_new(entry.seq) {
            self.reached.counts.add(record.state);
            self.reached.strays += u64::try_from(entry.strays).unwrap_or_default();
        }
        let subject = Subject {
            seq: entry.seq,
            state: entry.state,
            failed: entry.failure.is_some() && entry.state == SeqState::Unfetched,
            message: entry.message,
            name: name.map(Clean::as_str),
        };
        let format = self.asked.format;
        for bytes in self.sieve.pass(&subject, || format.record(&record)) {
            self.reached.records += 1;
            out.extend_from_slice(&bytes);
        }
    }

    fn for_readers(&mut self, record: Record, entry: Entry<'_>, name: Option<&Clean>) -> Record {
        let Some(veil) = &mut self.veil else {
            return record;
        };
        if let Some(message) = entry.message {
            veil.meet(entry.seq, message, name);
        }
        veil.cover(record)
    }

    /// Whether no earlier run has counted it.
    fn is_new(&mut self, seq: Seq) -> bool {
        let Some(counted) = self.counted else {
            return true;
        };
        let new = match self.asked.order {
            Order::Ascending => seq > counted,
            Order::Descending => seq < counted,
        };
        if new {
            self.counted = None;
        }
        new
    }

    fn far_end(&self, leg: &Leg) -> Seq {
        match self.asked.order {
            Order::Ascending => leg.part().last(),
            Order::Descending => leg.part().first(),
        }
    }

    /// Where another run would begin.
    fn next(&self, leg: &Leg) -> Option<Seq> {
        let range = self.asked.range()?;
        let behind = match self.asked.order {
            Order::Ascending => self.far_end(leg).next().filter(|seq| *seq <= range.last()),
            Order::Descending => self.far_end(leg).prev().filter(|seq| *seq >= range.first()),
        };
        // At the end nothing waits for a match any more.
        behind.map(|behind| self.sieve.undecided().unwrap_or(behind))
    }

    /// Notes names that were learnt.
    pub(super) fn learn(&mut self, names: &[(UserId, Option<String>)]) -> io::Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        self.note(&checkpoint::names(names))
    }

    /// Writes what stands behind the records.
    pub(super) fn close(&mut self, finished: String) -> io::Result<Closed> {
        let reached = &self.reached;
        let manifest = Manifest {
            asked: self.asked.shown(),
            result: Some(Came {
                counts: reached.counts,
                records: reached.records,
                strays: reached.strays,
                calls: reached.calls,
                resumed: reached.resumed,
                finished,
                records_from: self.head_bytes,
                records_bytes: reached.bytes - self.head_bytes,
                sha256: self.records.hex(),
            }),
        };
        let foot = self.asked.format.foot(&manifest);
        self.put(&foot)?;
        Ok(Closed {
            manifest,
            sha256: self.whole.hex(),
        })
    }

    /// The file that is being written, if it is one.
    pub(super) fn part(&self) -> Option<&File> {
        match &self.place {
            Place::File { part, .. } => Some(part),
            Place::Stdout => None,
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.place {
            Place::File { part, .. } => part.write_all(bytes)?,
            Place::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(bytes)?;
                out.flush()?;
            }
        }
        self.whole.feed(bytes);
        let n = u64::try_from(bytes.len()).unwrap_or_default();
        if self.reached.bytes == 0 {
            self.head_bytes = n;
        }
        self.reached.bytes += n;
        Ok(())
    }

    fn note(&mut self, line: &[u8]) -> io::Result<()> {
        match &mut self.place {
            Place::File { checkpoint, .. } => checkpoint.write_all(line),
            Place::Stdout => Ok(()),
        }
    }
}
