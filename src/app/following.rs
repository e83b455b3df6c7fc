//! Following the head of conversations, and what is remembered of a visit.
//!
//! Each conversation is followed or not. Only the one on screen is asked for:
//! leaving it pauses its polls, coming back goes on with them.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Instant;

use super::App;
use super::action::Action;
use super::event::{Effect, Event, Now};
use super::flights::{Direction, Phase, Scope, Want};
use super::follow::Follow;
use super::history::{History, Visit};
use super::line::{Line, Role};
use super::remembered::{Mark, Marked, Parting};
use super::view::{Pane, Row, View};
use crate::model::ids::{Conversation, Seq};
use crate::model::message::Timestamp;
use crate::model::text::{clean, grouped};
use crate::model::time;

/// The conversations whose heads are followed.
pub(super) type Following = BTreeMap<Conversation, Follow>;

impl App {
    /// Begins or ends to follow the head.
    pub(super) fn toggle_follow(&mut self, now: Now) {
        let Some(current) = self.current.clone() else {
            self.say(Role::Warning, "no conversation is open");
            return;
        };
        if self.following.remove(&current).is_some() {
            self.say(Role::Dim, "follows no more");
            return;
        }
        self.following.insert(current, Follow::new(now.mono));
        let key = self.settings.keymap.hint(Action::Follow);
        self.say(
            Role::Dim,
            format!("follows: asks for the newest page every 2 to 30 s · {key} stops"),
        );
    }

    /// The polls of the conversation on screen, if it is followed.
    fn polls(&self) -> Option<&Follow> {
        self.following.get(self.current.as_ref()?)
    }

    /// Whether the conversation on screen is followed.
    pub(super) fn follows(&self) -> bool {
        self.polls().is_some()
    }

    /// The poll that is due, or on its way to be tried again.
    pub(super) fn poll_want(&self, now: Now) -> Option<Want> {
        let polls = self.polls()?;
        let history = self.history().filter(|h| h.is_open())?;
        let scope = poll_of(&history.conversation);
        let begun = self.flights.of(&scope).next().is_some();
        (begun || polls.due(now.mono)).then(|| history.poll())
    }

    /// A poll that left is on its way; one that vanished has failed.
    pub(super) fn watch_polls(&mut self, now: Now) {
        let mut why = None;
        for (conversation, polls) in &mut self.following {
            let scope = poll_of(conversation);
            let mut under_way = false;
            let mut error = None;
            for flight in self.flights.of(&scope) {
                match &flight.phase {
                    Phase::Running { .. } | Phase::Waiting { .. } => under_way = true,
                    Phase::Failed { error: cause } => error = Some(cause.to_string()),
                }
            }
            let asked = polls.wake_at().is_none();
            if under_way && !asked {
                polls.asked();
            } else if asked && !under_way {
                // Said once; the status line goes on saying that it is so.
                why = why.or(error.filter(|_| !polls.is_failing()));
                polls.failed(now.mono);
                self.flights.forget_failed(&scope);
            }
        }
        if let Some(why) = why.filter(|_| self.follows() && self.halt.is_none()) {
            self.say(Role::Error, format!("following goes on trying · {why}"));
        }
    }

    /// Whether it is time for a poll and for nothing else, or one was answered.
    pub(super) fn is_about_a_poll(&self, event: &Event, now: Now) -> bool {
        // Where polls fail the status line says so, and that they do no more.
        let Some(polls) = self.polls().filter(|polls| !polls.is_failing()) else {
            return false;
        };
        let idle = || self.work.is_none() && self.halt.is_none() && self.shown_flight().is_none();
        match event {
            Event::Woke => polls.due(now.mono) && idle(),
            Event::Reply { id, result: Ok(_) } => self.flights.iter().any(|flight| {
                flight.id == *id && matches!(flight.scope, Scope::Page(_, Direction::Poll))
            }),
            Event::Key(_)
            | Event::Paste(_)
            | Event::Mouse(_)
            | Event::Resize(_)
            | Event::Resumed
            | Event::Reply { .. }
            | Event::NotSaved(_)
            | Event::NotNoted(_)
            | Event::Copied(_)
            | Event::Export(_) => false,
        }
    }

    /// Leaves the picture as it was before a poll that brought nothing. The number of calls
    /// and the time of the last answer would write to the terminal every few seconds; they
    /// are told with whatever comes next.
    pub(super) fn keep_picture(&mut self, (before, news): (Rc<View>, u64)) {
        fn rows(view: &View) -> Option<&[Row]> {
            let pane = view.panes.iter().find(|p| p.pane == Pane::Messages);
            pane.map(|pane| pane.rows.as_slice())
        }
        let says_more = self.shown_flight().is_some()
            || self.view.keys != before.keys
            || self.view.overlay != before.overlay;
        let same = rows(&before).is_some_and(|old| rows(&self.view) == Some(old));
        if same && !says_more && self.news() == news {
            self.view = before;
        }
    }

    /// What is seen, and how much has come for it.
    pub(super) fn picture(&self) -> (Rc<View>, u64) {
        (Rc::clone(&self.view), self.news())
    }

    fn news(&self) -> u64 {
        self.history().map_or(0, History::news)
    }

    /// The answer to a poll: so many seqs are new.
    pub(super) fn polled(&mut self, conversation: &Conversation, fresh: u32, now: Now) {
        if let Some(polls) = self.following.get_mut(conversation) {
            polls.answered(fresh, now.mono);
        }
    }

    pub(super) fn poll_wakes_at(&self, now: Now) -> Option<Instant> {
        if self.halt.is_some() || !self.history()?.is_open() {
            return None;
        }
        let at = self.polls()?.wake_at()?;
        (at > now.mono).then_some(at)
    }

    /// What the status line says of the head: followed or not, and what is below.
    pub(super) fn head_words(&self) -> Option<String> {
        let below = self.history().map_or(0, History::new_below);
        let below = (below > 0).then(|| format!("{} new below", grouped(below)));
        let follows = self.polls().map(|polls| {
            if polls.is_failing() {
                "follows in vain"
            } else {
                "follows"
            }
        });
        match (follows, below) {
            (Some(follows), Some(below)) => Some(format!("{follows}, {below}")),
            (follows, below) => follows.map(str::to_owned).or(below),
        }
    }

    /// Remembers where the reader is in the conversation on screen.
    pub(super) fn part(&mut self, wall: Option<Timestamp>) {
        let follow = self.follows();
        let Self {
            histories,
            current,
            places,
            ..
        } = self;
        let Some(history) = current.as_ref().and_then(|c| histories.get_mut(c)) else {
            return;
        };
        history.leave(wall);
        // What never came is nothing to come back to.
        if !history.is_open() || history.timeline().head().is_none() {
            return;
        }
        let filter = history.filter().map(|query| query.source().to_owned());
        places.part(
            &history.conversation,
            Parting {
                seq: history.place(),
                filter: filter.as_deref(),
                follow,
                head: history.timeline().head(),
                time: wall,
            },
        );
    }

    /// What has to be written before the program ends, however it ends.
    pub fn farewell(&mut self, now: Now) -> Vec<Effect> {
        self.note_read();
        self.part(now.wall);
        let mut effects = vec![self.saved()];
        effects.extend(self.noted());
        effects
    }

    /// Puts a conversation that is opened for the first time in this session where
    /// it was left in the last one. Who asked for a message wants to see that one,
    /// whatever filter was in force.
    pub(super) fn recall(&mut self, conversation: &Conversation, at: Option<Seq>, now: Now) {
        let Some(place) = self.places.find(conversation).cloned() else {
            return;
        };
        let filter = place.filter.as_deref().filter(|_| at.is_none());
        let filter = filter.map(|text| self.query(text, now));
        let Some(history) = self.histories.get_mut(conversation) else {
            return;
        };
        let left = place.last_head.and_then(Seq::new).map(|head| Visit {
            head,
            ended: place.last_time.and_then(Timestamp::new),
        });
        history.recall(at.or(place.seq.and_then(Seq::new)), left);
        match filter {
            Some(Ok(query)) => {
                let timed = ["after:", "before:"];
                let timed = timed.iter().any(|key| query.source().contains(key));
                history.set_filter(Some(query));
                if timed {
                    let words = "the times in the filter of the last visit are read as of now";
                    self.notice = Some(Line::of(Role::Warning, words));
                }
            }
            Some(Err(wrong)) => {
                let mut line = Line::of(Role::Warning, "the filter of the last visit is off: ");
                line.push(Role::Warning, clean(&wrong.words).one_line());
                self.notice = Some(line);
            }
            None => {}
        }
        if place.follow {
            let polls = Follow::new(now.mono);
            self.following.entry(conversation.clone()).or_insert(polls);
        }
    }

    /// The newest page came for the first time in this session: what is new since
    /// the last visit is said once.
    pub(super) fn greet(&mut self, conversation: &Conversation, now: Now) {
        let Some(history) = self.histories.get(conversation) else {
            return;
        };
        let Some((visit, head)) = history.last_visit().zip(history.timeline().head()) else {
            return;
        };
        if self.current.as_ref() != Some(conversation) {
            return;
        }
        if head < visit.head {
            let words = format!(
                "the newest seq is {}, at your last visit it was {}: the group began anew, \
                 and marks are of messages that were",
                grouped(head),
                grouped(visit.head)
            );
            self.say(Role::Warning, words);
        } else if head > visit.head {
            let new = grouped(head.get() - visit.head.get());
            let ago = visit
                .ended
                .zip(now.wall)
                .map(|(then, now)| time::ago(then, now));
            let ago = ago.map_or_else(String::new, |ago| format!(", {ago}"));
            self.say(Role::Dim, format!("{new} new since your last visit{ago}"));
        }
    }

    /// The note of the selected message's mark.
    pub(super) fn note_here(&self) -> Option<String> {
        let history = self.history()?;
        let mark = self
            .places
            .mark_of(&history.conversation, history.selected()?)?;
        Some(mark.note.clone())
    }

    /// The line above the prompt for a note.
    pub(super) fn explain_note(&self) -> String {
        if self.note_here().is_none() {
            return "Enter marks the message, with or without a note".to_owned();
        }
        let keymap = &self.settings.keymap;
        let (list, remove) = (keymap.hint(Action::Marks), keymap.hint(Action::Unmark));
        format!(
            "it is marked: Enter changes the note · {list} lists the marks, {remove} there removes one"
        )
    }

    /// Marks the selected message.
    pub(super) fn mark(&mut self, note: &str, now: Now) -> Vec<Effect> {
        let at = self
            .history()
            .and_then(|h| Some((h.conversation.clone(), h.selected()?)));
        let Some((conversation, seq)) = at else {
            self.say(Role::Warning, "nothing is selected");
            return Vec::new();
        };
        let list = self.settings.keymap.hint(Action::Marks);
        match self
            .places
            .mark(&conversation, Mark::new(seq, note, now.wall))
        {
            Marked::Set | Marked::Removed => {
                let words = format!("seq {} is marked · {list} lists the marks", grouped(seq));
                self.say(Role::Dim, words);
            }
            Marked::Full => self.say(Role::Warning, "there are too many marks: remove some first"),
        }
        vec![self.saved()]
    }
}

fn poll_of(conversation: &Conversation) -> Scope {
    Scope::Page(conversation.clone(), Direction::Poll)
}
