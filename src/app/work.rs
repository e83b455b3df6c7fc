//! The job that runs: one at a time, on the conversation on screen.
//!
//! A job looks at what is known after every event and says which pages it wants;
//! they travel like all other pages. Stopping a job means not asking it any
//! more: what is in the air lands and counts.

use super::App;
use super::event::Now;
use super::flights::{Phase, Scope};
use super::history::History;
use super::jobs::hunt::{Hunt, Step};
use super::jobs::pace::Pace;
use super::jobs::search::{Search, SearchStep};
use super::jobs::sieve::Sieve;
use super::jobs::{PageAsk, Standing};
use super::line::{Line, Role};
use crate::model::goto::MessageId;
use crate::model::ids::{Conversation, Seq};
use crate::model::message::Timestamp;
use crate::model::text::grouped;
use crate::model::timeline::Stretch;

/// What somebody waits for.
#[derive(Debug, Clone)]
pub(super) enum Job {
    /// A time, the oldest message, or the first part of a message ID.
    Hunt {
        /// The search.
        hunt: Hunt,
        /// What to do on arrival.
        purpose: Purpose,
    },
    /// A message by its `MsgRandom`, in the minutes around a time.
    Match {
        /// Goes towards newer from ten minutes before.
        search: Search,
        /// Which have that number.
        sieve: Sieve,
        /// What is looked for.
        id: MessageId,
    },
    /// The next hit of what the conversation's own search looks for.
    Search,
    /// Loading what an audit calls missing.
    Fill {
        /// All of this.
        stretch: Stretch,
        /// Walks through it.
        search: Search,
        /// Everything looked at, nothing found.
        sieve: Sieve,
        /// How many seqs were missing at first.
        missing: u32,
    },
}

/// What a hunt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To go to a time.
    Time(Timestamp),
    /// To go back to a time from a message: never to where one was.
    Back {
        /// Where to.
        time: Timestamp,
        /// Where from.
        from: Seq,
    },
    /// To go to the oldest message.
    Start,
    /// To look for a message from there on.
    Message(MessageId),
}

/// A job under way.
#[derive(Debug)]
pub(super) struct Work {
    conversation: Conversation,
    /// Which life of the group it was begun in.
    generation: Option<u32>,
    pub(super) job: Job,
    /// The pages it wants now.
    pub(super) wants: Vec<PageAsk>,
    /// When the pace lets it go on though nothing lands, as of the last turn: asked
    /// for later, the pace might say that nothing is in the way by then.
    pub(super) wakes_at: Option<std::time::Instant>,
}

/// A page that waits for its turn to be judged, wakes the app after this.
const SLICE_PAUSE: std::time::Duration = std::time::Duration::from_millis(1);

impl App {
    /// Starts a job; one that runs gives way.
    pub(super) fn start_job(&mut self, job: Job) {
        self.stop_job();
        let Some(conversation) = self.current.clone() else {
            return;
        };
        // What failed for another job is worth a new try.
        let scope = Scope::Job(conversation.clone());
        self.flights.forget_done(|flight| flight.scope == scope);
        let generation = self.generation_of(&conversation);
        self.work = Some(Work {
            conversation,
            generation,
            job,
            wants: Vec::new(),
            wakes_at: None,
        });
    }

    /// Stops the job that runs, if any; its pages in the air land and count.
    pub(super) fn stop_job(&mut self) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        if let Job::Search = work.job
            && let Some(history) = self.histories.get_mut(&work.conversation)
        {
            history.search_rests();
        }
        true
    }

    fn generation_of(&self, conversation: &Conversation) -> Option<u32> {
        let history = self.histories.get(conversation)?;
        Some(history.timeline().generation())
    }

    /// Somebody said "retry": what was given up may be asked for again.
    pub(super) fn resume_job(&mut self) {
        match self.work.as_mut().map(|work| &mut work.job) {
            Some(Job::Match { search, .. } | Job::Fill { search, .. }) => search.resume(),
            Some(Job::Search) => {
                if let Some(history) = self.history_mut() {
                    history.resume_search();
                }
            }
            Some(Job::Hunt { .. }) | None => {}
        }
    }

    /// Stops a job that would move the view when it ends.
    pub(super) fn stop_going(&mut self) {
        match self.work.as_ref().map(|work| &work.job) {
            Some(Job::Hunt { .. } | Job::Match { .. } | Job::Search) => {
                self.stop_job();
            }
            Some(Job::Fill { .. }) | None => {}
        }
    }

    /// Stops the job because somebody asked for it.
    pub(super) fn cancel_job(&mut self) -> bool {
        let words = match self.work.as_ref().map(|w| &w.job) {
            None => return false,
            Some(Job::Hunt { .. } | Job::Match { .. }) => "stopped · what came is kept".to_owned(),
            Some(Job::Fill { .. }) => "stopped loading · what came is kept".to_owned(),
            Some(Job::Search) => {
                self.stop_job();
                self.search_stopped();
                return true;
            }
        };
        self.stop_job();
        self.say(Role::Warning, words);
        true
    }

    /// Lets the job look at what is known by now.
    pub(super) fn drive(&mut self, now: Now) {
        self.judge_loaded();
        self.say_what_lies_beyond();
        // A job may end and another begin; two of them need two turns.
        for _ in 0..3 {
            let Some(mut work) = self.work.take() else {
                return;
            };
            let here = self.current.as_ref() == Some(&work.conversation);
            let anew = self.generation_of(&work.conversation) != work.generation;
            if !here || anew || self.halt.is_some() {
                self.end_early(work, here && !anew);
                return;
            }
            if !self.turn(&mut work, now) {
                // The job has ended; `turn` may have begun another.
                continue;
            }
            self.work = Some(work);
            return;
        }
    }

    /// A seq above the head does not exist: the newest message stands in for it.
    fn say_what_lies_beyond(&mut self) {
        let beyond = self.history_mut().and_then(History::take_beyond);
        let head = self.history().and_then(|h| h.timeline().head());
        if let (Some(seq), Some(head), None) = (beyond, head, &self.notice) {
            let (seq, head) = (grouped(seq), grouped(head));
            let words = format!("there is no seq {seq}: the newest is {head}");
            self.say(Role::Warning, words);
        }
    }

    /// Ends a job that cannot go on: its conversation was left or began anew, or
    /// all calls have stopped; after that it can be taken up again.
    fn end_early(&mut self, work: Work, takes_up: bool) {
        let missed = match &work.job {
            Job::Hunt { purpose, .. } => Some(*purpose),
            Job::Match { id, .. } => Some(Purpose::Message(*id)),
            Job::Search | Job::Fill { .. } => None,
        };
        self.work = Some(work);
        self.stop_job();
        match missed {
            Some(purpose) if takes_up => self.miss(purpose),
            None if takes_up => self.say(
                Role::Error,
                "stopped, as all calls are: r retries, then start it again",
            ),
            Some(_) | None => {}
        }
    }

    /// Looks at what was loaded and not looked at, a slice at a time.
    fn judge_loaded(&mut self) {
        let Self {
            histories,
            current,
            names,
            ..
        } = self;
        let history = current.as_ref().and_then(|c| histories.get_mut(c));
        let Some(history) = history else {
            self.judging = false;
            return;
        };
        let group = history.conversation.group.clone();
        let filtered = history.judge_filter(&|user| names.of(&group, user));
        let searched = history.judge_search(&|user| names.of(&group, user));
        self.judging = filtered || searched;
    }

    /// One turn of a job; `false` where it has ended.
    fn turn(&mut self, work: &mut Work, now: Now) -> bool {
        let aloft = self.aloft(&work.conversation);
        let in_air = aloft.iter().filter(|a| a.how != Standing::Failed).count();
        let room = self.pace.room(in_air, now.mono);
        let Some(history) = self.histories.get_mut(&work.conversation) else {
            return false;
        };
        let scope = Scope::Job(work.conversation.clone());
        let busy = self
            .flights
            .of(&scope)
            .any(|f| matches!(f.phase, Phase::Running { .. }));
        match &mut work.job {
            // A key that repeats must not put nine more probes into the air each time.
            Job::Hunt { hunt, .. } if hunt.calls() == 0 && busy => work.wants.clear(),
            Job::Hunt { hunt, purpose } => match hunt.step(history.timeline(), &aloft) {
                Step::Ask(pages) => work.wants = pages,
                Step::Wait => work.wants.clear(),
                Step::Landed(landing) => {
                    let purpose = *purpose;
                    self.arrive(landing, purpose);
                    return false;
                }
            },
            Job::Search => {
                let Some(step) = history.step_search(&aloft, room) else {
                    return false;
                };
                match step {
                    SearchStep::Ask(pages) => work.wants = pages,
                    SearchStep::Wait => work.wants.clear(),
                    ended @ (SearchStep::Found(_) | SearchStep::Pause(_) | SearchStep::End) => {
                        self.search_ended(&ended);
                        return false;
                    }
                }
            }
            Job::Match { search, sieve, id } => {
                let id = *id;
                sieve.glance(history.timeline(), &mut |_, _, known| {
                    known.is_some_and(|known| id.is_of(known.random, known.time))
                });
                let step = search.step(history.timeline(), sieve, &aloft, room);
                let report = search.report(history.timeline());
                let beyond = report.time.is_some_and(|time| id.is_passed(time));
                let failed = report.failed;
                match step {
                    SearchStep::Found(seq) => {
                        self.found_by_id(seq, id);
                        return false;
                    }
                    SearchStep::Pause(_) => {
                        self.miss(Purpose::Message(id));
                        self.say(
                            Role::Error,
                            "not found: the pages that would tell failed · r retries",
                        );
                        return false;
                    }
                    SearchStep::End => {
                        self.not_found_by_id(id, failed);
                        return false;
                    }
                    _ if beyond => {
                        self.not_found_by_id(id, failed);
                        return false;
                    }
                    SearchStep::Ask(pages) => work.wants = pages,
                    SearchStep::Wait => work.wants.clear(),
                }
            }
            Job::Fill {
                search,
                sieve,
                stretch,
                ..
            } => {
                sieve.glance(history.timeline(), &mut |_, _, _| false);
                match search.step(history.timeline(), sieve, &aloft, room) {
                    SearchStep::Ask(pages) => work.wants = pages,
                    SearchStep::Wait => work.wants.clear(),
                    ended @ (SearchStep::Found(_) | SearchStep::Pause(_) | SearchStep::End) => {
                        let failed = search.report(history.timeline()).failed;
                        self.filled(*stretch, failed, &ended);
                        return false;
                    }
                }
            }
        }
        true
    }

    /// What the key line says while a job runs.
    pub(super) fn progress_line(&self, now: Now) -> Option<Line> {
        let work = self.work.as_ref()?;
        let stops = "Esc stops";
        let mut line = Line::new();
        match &work.job {
            Job::Hunt { hunt, .. } => line = self.hunt_progress(hunt),
            Job::Match { .. } => {
                line.say(Role::Accent, "looking for the message by its number");
            }
            Job::Search => return self.search_progress(now),
            Job::Fill {
                stretch, missing, ..
            } => line = self.fill_progress((*stretch, *missing), now),
        }
        line.say(Role::Dim, format!(" · {stops}"));
        Some(line)
    }

    /// When the job or the judging goes on by itself.
    pub(super) fn work_wakes_at(&self, now: Now) -> Option<std::time::Instant> {
        if self.judging {
            return Some(now.mono + SLICE_PAUSE);
        }
        self.work.as_ref()?.wakes_at
    }
}

/// The pace of a profile's jobs.
pub(super) fn pace_of(calls_per_second: u32) -> Pace {
    Pace::new(calls_per_second)
}
