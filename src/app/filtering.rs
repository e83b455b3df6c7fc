//! The filter of the conversation on screen: what is typed, what is offered while
//! typing, and what is said of what it shows.

use super::App;
use super::event::Now;
use super::flights::{Direction, Phase, Scope};
use super::going::wrong_line;
use super::history::{History, NameStanding};
use super::line::{Line, Role};
use super::prompt::PromptKind;
use crate::model::goto;
use crate::model::ids::UserId;
use crate::model::query::{self, Offers, Query};
use crate::model::text::{clean, grouped};
use crate::model::wrong::Wrong;

impl App {
    /// What a filter means here and now.
    pub(super) fn query(&self, text: &str, now: Now) -> Result<Query, Wrong> {
        let Some(zone) = self.zone() else {
            return Err(Wrong::new(0..0, "no time zone"));
        };
        Query::parse(text, &|text| goto::read_time(text, zone, now.wall))
    }

    /// The line above the filter prompt: what is wrong and where, or what would fit.
    pub(super) fn explain_filter(&self, text: &str, choices: &[String], now: Now) -> Line {
        if !choices.is_empty() {
            let mut line = Line::of(Role::Dim, "Tab: ");
            line.push(Role::Text, clean(&choices.join("  ")).one_line());
            return line;
        }
        if let Err(wrong) = self.query(text, now) {
            let part = text.get(wrong.at.clone()).filter(|p| !p.is_empty());
            // Where it is wrong stands first, for reasons may be long.
            let Some(part) = part.filter(|p| !wrong.words.contains(p)) else {
                return wrong_line(&wrong);
            };
            let mut line = Line::of(Role::Warning, "? ");
            line.push(Role::Text, clean(part).one_line().truncate(24));
            line.say(Role::Warning, ": ");
            line.push(Role::Warning, clean(&wrong.words).one_line());
            return line;
        }
        if text.contains("is:failed") {
            return Line::of(
                Role::Dim,
                "failed pages stand in the rows of what is not loaded, under any filter",
            );
        }
        Line::of(
            Role::Dim,
            "word from: type: is: has: after: before: seq:A..B ctx:N -not · Tab · empty: all",
        )
    }

    /// What was typed is read in the zone on screen, also after it has changed.
    pub(super) fn read_filters_anew(&mut self, now: Now) {
        let filters = self.histories.iter().filter_map(|(conversation, history)| {
            let old = history.filter()?;
            let new = self.query(old.source(), now).ok()?;
            (new != *old).then(|| (conversation.clone(), new))
        });
        for (conversation, query) in filters.collect::<Vec<_>>() {
            if let Some(history) = self.histories.get_mut(&conversation) {
                history.set_filter(Some(query));
            }
        }
    }

    /// Puts a filter into force; a wrong one changes nothing.
    pub(super) fn filter_text(&mut self, text: &str, now: Now) {
        match self.query(text, now) {
            Ok(query) => {
                self.note_words("filter", text);
                if let Some(history) = self.history_mut() {
                    history.set_filter(Some(query));
                }
            }
            Err(wrong) => {
                self.notice = Some(wrong_line(&wrong));
                self.ask_with(PromptKind::Filter, text);
            }
        }
    }

    /// Completes the filter under the cursor with keys, values and senders seen.
    pub(super) fn complete_filter(&mut self) {
        let senders = self.senders_seen();
        let Some(prompt) = &mut self.prompt else {
            return;
        };
        let cursor = prompt.input.before_cursor().len();
        let offers = Offers { senders: &senders };
        let done = query::complete(prompt.input.text(), cursor, &offers);
        if let Some(done) = done {
            prompt.input = super::input_line::InputLine::with_cursor(&done.text, done.cursor);
            prompt.choices = done.choices;
        }
    }

    fn senders_seen(&self) -> Vec<(String, Option<String>)> {
        let Some(history) = self.history() else {
            return Vec::new();
        };
        let group = &history.conversation.group;
        let senders = history.senders_loaded();
        let named = |user: &UserId| {
            let name = self.names.of(group, user);
            name.map(|n| n.as_str().to_owned())
        };
        let offer = |user: &UserId| (user.as_str().to_owned(), named(user));
        // People first, the service's own accounts after them.
        let is_own = |user: &&UserId| user.as_str().starts_with('@');
        let people = senders.iter().filter(|user| !is_own(user));
        people
            .chain(senders.iter().filter(is_own))
            .map(offer)
            .collect()
    }

    /// Which pages of the list are under way counts for what a filter may still ask.
    pub(super) fn note_pages_in_air(&mut self) {
        let Self {
            histories,
            current,
            flights,
            ..
        } = self;
        let Some(history) = current.as_ref().and_then(|c| histories.get_mut(c)) else {
            return;
        };
        let ways = [Direction::Older, Direction::Newer];
        let is_in_air = |way: &Direction| {
            let scope = Scope::Page(history.conversation.clone(), *way);
            let mut pages = flights.of(&scope);
            pages.any(|page| !matches!(page.phase, Phase::Failed { .. }))
        };
        let ways = ways.into_iter().filter(is_in_air).collect();
        history.note_in_air(ways);
    }

    /// Sorts out whose names are known by now, or will not come; `true` where
    /// something waited for nothing else.
    pub(super) fn settle_names(&mut self) -> bool {
        let Self {
            histories,
            current,
            flights,
            names,
            ..
        } = self;
        let Some(history) = current.as_ref().and_then(|c| histories.get_mut(c)) else {
            return false;
        };
        let group = history.conversation.group.clone();
        // One failure stands for all of its kind until somebody retries.
        let has_failed = |scope: &Scope| {
            let mut calls = flights.of(scope);
            calls.any(|call| matches!(call.phase, Phase::Failed { .. }))
        };
        let no_nicks = has_failed(&Scope::Names);
        let no_cards = has_failed(&Scope::Members(group.clone()));
        history.settle_names(&|user| {
            let (card, nick) = (names.lacks_card(&group, user), names.lacks_nick(user));
            match (card || nick, card && !no_cards || nick && !no_nicks) {
                (false, _) => NameStanding::Known,
                (true, true) => NameStanding::Coming,
                (true, false) => NameStanding::GivenUp,
            }
        })
    }

    /// Says what the filter lets through, for the status line.
    pub(super) fn filter_words(&self) -> Option<String> {
        let history: &History = self.history()?;
        let shown = history.shown_by_filter()?;
        Some(format!(
            "{}{} of {} loaded shown",
            grouped(shown.matching),
            if shown.unfinished { "+" } else { "" },
            grouped(shown.loaded)
        ))
    }
}
