//! The one pass over a range.

use super::pauses::Pauses;
use super::{
    Cut, Finding, Findings, Lack, MOST_ODD, MOST_RUNS, Sender, Span, TWICE_SECONDS, TWICE_SEQS,
    Tally, What,
};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::timeline::{Known, Run, SeqState, Stretch, Timeline};

/// What has been seen so far, from older to newer.
pub(super) struct Pass<'a> {
    timeline: &'a Timeline,
    /// In order, not overlapping.
    failed: Vec<Stretch>,
    counts: Tally,
    times: Option<(Timestamp, Timestamp)>,
    list: List,
    /// The last item with a time.
    before: Option<(Seq, Timestamp)>,
    pauses: Pauses,
    /// Every message that can have a duplicate.
    randoms: Vec<(u32, Seq)>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(timeline: &'a Timeline, failed: &[Stretch]) -> Self {
        Self {
            timeline,
            failed: in_order(failed),
            counts: Tally::default(),
            times: None,
            list: List::default(),
            before: None,
            pauses: Pauses::default(),
            randoms: Vec::new(),
        }
    }

    pub(super) fn walk(&mut self, line: Stretch) {
        for run in self.timeline.runs(line.first()..=line.last()) {
            let Some(lack) = Lack::of(run.state) else {
                self.counts.add(None, run.len());
                self.read(run);
                continue;
            };
            if lack.is_missing() {
                self.miss(run);
                continue;
            }
            self.counts.add(Some(lack), run.len());
            let sender = self.read(run);
            if let Some(at) = Stretch::new(run.first, run.last) {
                self.add_run(at, lack, sender);
            }
        }
    }

    /// A run that is not loaded, parted by what has failed.
    fn miss(&mut self, run: Run) {
        self.pauses.interrupt();
        let mut at = Some(run.first);
        let from = self.failed.partition_point(|f| f.last() < run.first);
        let whole = Stretch::new(run.first, run.last);
        let mut parts = Vec::new();
        for failed in self.failed.iter().skip(from) {
            let Some(part) = whole.and_then(|whole| whole.meet(*failed)) else {
                break;
            };
            let rest = at.zip(part.first().prev());
            parts.extend(rest.and_then(|(a, b)| Some((Stretch::new(a, b)?, Lack::Unfetched))));
            parts.push((part, Lack::Failed));
            at = part.last().next();
        }
        let rest = at.and_then(|at| Stretch::new(at, run.last));
        parts.extend(rest.map(|rest| (rest, Lack::Unfetched)));
        for (part, lack) in parts {
            self.counts.add(Some(lack), part.len());
            self.add_run(part, lack, Sender::Untold);
        }
    }

    /// Reads the items of a run. Says who sent them.
    fn read(&mut self, run: Run) -> Sender {
        let mut sender = Sender::Untold;
        let written = match run.state {
            SeqState::Gone | SeqState::Recalled | SeqState::Withheld => true,
            SeqState::Present | SeqState::Unreadable | SeqState::Unfetched => false,
        };
        // The first seq since which none had a time.
        let mut untimed = Some(run.first);
        for (seq, message) in self.timeline.all_known(run.first..=run.last) {
            if let Some(id) = message.sender {
                sender = match sender {
                    Sender::Untold => Sender::One(id.clone()),
                    Sender::One(same) if same == *id => Sender::One(same),
                    Sender::One(_) | Sender::Several => Sender::Several,
                };
            }
            if let Some(time) = message.time {
                if written && untimed != Some(seq) {
                    self.pauses.pass_untimed();
                }
                untimed = seq.next();
                self.pass_time(seq, time);
            }
            if let Some(random) = message.random.filter(|random| *random != 0)
                && message.sender.is_some()
            {
                self.randoms.push((random, seq));
            }
        }
        if written && untimed.is_some_and(|seq| seq <= run.last) {
            self.pauses.pass_untimed();
        }
        sender
    }

    fn pass_time(&mut self, seq: Seq, time: Timestamp) {
        self.times = Some(match self.times {
            Some((first, last)) => (first.min(time), last.max(time)),
            None => (time, time),
        });
        if let Some((after, was)) = self.before.filter(|(_, was)| time < *was) {
            self.list.backwards.add(Finding {
                at: Stretch::one(seq),
                time: Some(time),
                what: What::Backwards {
                    after,
                    by: was.seconds().abs_diff(time.seconds()),
                },
            });
        }
        self.before = Some((seq, time));
        self.pauses.pass((seq, time));
    }

    fn add_run(&mut self, at: Stretch, lack: Lack, sender: Sender) {
        if self.list.runs.is_full() {
            self.list.runs.leave_out(at.first());
            return;
        }
        let from = self.timeline.timed_at_or_below(at.first());
        let to = self.timeline.timed_at_or_above(at.last());
        let span = Span {
            from: from.map(|(_, time)| time),
            to: to.map(|(_, time)| time),
        };
        self.list.runs.add(Finding {
            at,
            time: span.from.filter(|_| span.to.is_some()),
            what: What::Run { lack, span, sender },
        });
    }

    pub(super) fn findings(mut self, range: Stretch, line: Option<Stretch>) -> Findings {
        let silences = std::mem::take(&mut self.pauses).silences();
        self.find_twins();
        let List {
            runs,
            backwards,
            twins,
        } = self.list;
        let cuts = [&runs, &backwards, &twins];
        let unlisted = cuts.iter().map(|part| part.unlisted).sum();
        let from = cuts.iter().filter_map(|part| part.whole_below).min();
        let cut = from.map(|from| Cut { unlisted, from });
        let mut found = runs.found;
        found.extend(backwards.found);
        found.extend(twins.found);
        found.extend(silences);
        found.sort_by_key(|finding| finding.at);
        Findings {
            range,
            line,
            counts: self.counts,
            times: self.times,
            found,
            cut,
        }
    }

    /// Messages that have sender and MsgRandom in common with an earlier one nearby.
    fn find_twins(&mut self) {
        self.randoms.sort_unstable();
        let timeline = self.timeline;
        let mut twins = Vec::new();
        for alike in self.randoms.chunk_by(|a, b| a.0 == b.0) {
            if alike.len() < 2 {
                continue;
            }
            let messages = alike.iter().filter_map(|(_, seq)| {
                let known = timeline.known(*seq)?;
                Some((known.sender?, *seq, known))
            });
            let mut messages: Vec<_> = messages.collect();
            messages.sort_by_key(|(sender, seq, _)| (*sender, *seq));
            for pair in messages.windows(2) {
                if let [(a, of, one), (b, seq, other)] = pair
                    && a == b
                {
                    let apart = apart(*one, *other);
                    if apart.map_or(seq.get() - of.get() <= TWICE_SEQS, |s| s <= TWICE_SECONDS) {
                        twins.push((*seq, *of, apart));
                    }
                }
            }
        }
        twins.sort_unstable();
        for (seq, of, apart) in twins {
            let Some(known) = timeline.known(seq) else {
                continue;
            };
            let Some(sender) = known.sender.cloned() else {
                continue;
            };
            self.list.twins.add(Finding {
                at: Stretch::one(seq),
                time: known.time,
                what: What::Twice { of, apart, sender },
            });
        }
    }
}

fn apart(one: Known<'_>, other: Known<'_>) -> Option<u64> {
    let (one, other) = one.time.zip(other.time)?;
    Some(one.seconds().abs_diff(other.seconds()))
}

/// The same seqs in order, each once.
fn in_order(stretches: &[Stretch]) -> Vec<Stretch> {
    let mut sorted = stretches.to_vec();
    sorted.sort_unstable();
    let mut apart: Vec<Stretch> = Vec::new();
    for stretch in sorted {
        match apart.last_mut() {
            Some(last) if stretch.first() <= last.last() => {
                let end = last.last().max(stretch.last());
                *last = Stretch::new(last.first(), end).unwrap_or(*last);
            }
            Some(_) | None => apart.push(stretch),
        }
    }
    apart
}

/// What was found, each kind with its own room: ten thousand holes must not
/// hide the one duplicate.
struct List {
    runs: Part,
    backwards: Part,
    twins: Part,
}

impl Default for List {
    fn default() -> Self {
        Self {
            runs: Part::new(MOST_RUNS),
            backwards: Part::new(MOST_ODD),
            twins: Part::new(MOST_ODD),
        }
    }
}

struct Part {
    found: Vec<Finding>,
    room: usize,
    unlisted: u32,
    whole_below: Option<Seq>,
}

impl Part {
    fn new(room: usize) -> Self {
        Self {
            found: Vec::new(),
            room,
            unlisted: 0,
            whole_below: None,
        }
    }

    fn is_full(&self) -> bool {
        self.found.len() >= self.room
    }

    fn leave_out(&mut self, seq: Seq) {
        self.unlisted += 1;
        self.whole_below.get_or_insert(seq);
    }

    /// In the order of seqs.
    fn add(&mut self, finding: Finding) {
        if self.is_full() {
            self.leave_out(finding.at.first());
        } else {
            self.found.push(finding);
        }
    }
}
