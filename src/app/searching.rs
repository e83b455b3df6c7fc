//! Searching a conversation, and filtering it: what the keys start, and what is
//! said of how far it got.

use std::fmt::Display;

use super::App;
use super::event::Now;
use super::going::wrong_line;
use super::history::{History, Hits, Progress, Wanted};
use super::jobs::search::{Report, SearchStep, Towards, Why};
use super::line::{Line, Role};
use super::prompt::PromptKind;
use super::status::{ALWAYS, Field, field, fit};
use super::work::Job;
use crate::app::action::Action;
use crate::model::ids::Seq;
use crate::model::message::PageSize;
use crate::model::needle::Needle;
use crate::model::query::{self, Offers};
use crate::model::text::{self, Clean, clean, grouped};
use crate::model::time;
use crate::model::timeline::Stretch;
use crate::model::wrong::Wrong;

impl App {
    /// Searches for what was typed, from the selection towards older.
    pub(super) fn search_text(&mut self, text: &str, now: Now) {
        if text.trim().is_empty() {
            if let Some(history) = self.history_mut() {
                history.end_search();
            }
            return;
        }
        match self.wanted(text, now) {
            Ok(wanted) => {
                self.note_words("search", text);
                self.search(wanted, Towards::Older);
            }
            Err(wrong) => {
                self.notice = Some(wrong_line(&wrong));
                self.ask_with(PromptKind::Search, text);
            }
        }
    }

    /// What is to be found: the text as it stands, or what its terms say where it
    /// has some, for `from:alice refund` is no text that anybody wrote.
    fn wanted(&self, text: &str, now: Now) -> Result<Wanted, Wrong> {
        if has_terms(text) {
            return self.query(text, now).map(Wanted::Terms);
        }
        Needle::parse(text).map(Wanted::Text)
    }

    fn search(&mut self, wanted: Wanted, towards: Towards) {
        let allowance = match self.settings.search_calls {
            0 => None,
            calls => Some(calls),
        };
        self.stop_job();
        let Some(history) = self.history_mut() else {
            self.say(Role::Dim, "no conversation is open");
            return;
        };
        if history.timeline().head().is_none() {
            self.say(Role::Dim, "nothing is loaded yet");
            return;
        }
        history.search(wanted, towards, allowance);
        self.start_job(Job::Search);
    }

    /// The next hit of what was searched for last.
    pub(super) fn search_on(&mut self, towards: Towards) {
        match self.history().and_then(|h| h.last_text()).cloned() {
            Some(wanted) => self.search(wanted, towards),
            None => self.ask(PromptKind::Search),
        }
    }

    /// The previous or next message of the selected one's sender.
    pub(super) fn same_sender(&mut self, towards: Towards) {
        let sender = self
            .history()
            .and_then(|h| h.timeline().known(h.selected()?)?.sender.cloned());
        match sender {
            Some(user) => self.search(Wanted::Sender(user), towards),
            None => self.say(Role::Dim, "this row has no sender"),
        }
    }

    /// A search has found something, or ended.
    pub(super) fn search_ended(&mut self, step: &SearchStep) {
        if let SearchStep::Found(seq) = *step {
            self.remember_spot();
            if let Some(history) = self.history_mut() {
                history.go_to(seq);
            }
        }
        if let Some(history) = self.history_mut() {
            history.search_rests();
        }
        let Some(history) = self.history() else {
            return;
        };
        let Some(progress) = history.search_progress() else {
            return;
        };
        let hit = history.hit_here();
        let goes_on = self.goes_on(&progress);
        let mut fields = match step {
            SearchStep::Found(seq) => {
                let mut fields = vec![said(3, Role::Text, format!("seq {}", grouped(*seq)))];
                fields.extend(counted(&progress));
                // What the row itself shows needs no words.
                if let Some(hit) = hit.filter(|h| h.part != "text") {
                    let mut words = Clean::ours("in ");
                    words.push(&clean(&hit.part).one_line());
                    fields.push(Field::of(5, Role::Text, words));
                }
                fields
            }
            SearchStep::Pause(Why::Allowance) => {
                let calls = grouped(self.settings.search_calls);
                let mut fields = vec![
                    said(ALWAYS, Role::Warning, format!("paused after {calls} calls")),
                    said(ALWAYS, Role::Warning, format!("{goes_on} goes on")),
                ];
                let left = self.left(&progress);
                fields
                    .extend(left.map(|left| said(3, Role::Text, format!("{} left", left.words()))));
                fields
            }
            SearchStep::Pause(Why::Failing) => vec![
                said(ALWAYS, Role::Error, "stopped: 3 pages in a row failed"),
                said(ALWAYS, Role::Warning, format!("{goes_on} tries again")),
            ],
            SearchStep::End => vec![said(ALWAYS, Role::Warning, nothing_left(&progress))],
            SearchStep::Ask(_) | SearchStep::Wait => return,
        };
        fields.extend(report_fields(&progress.report));
        self.notice = Some(fit(fields, self.size.width.into()));
    }

    /// Somebody has stopped the search.
    pub(super) fn search_stopped(&mut self) {
        let Some(progress) = self.history().and_then(History::search_progress) else {
            return;
        };
        let goes_on = format!("{} goes on", self.goes_on(&progress));
        let mut fields = vec![
            said(ALWAYS, Role::Warning, "stopped"),
            said(ALWAYS, Role::Warning, goes_on),
        ];
        fields.extend(counted(&progress));
        fields.extend(report_fields(&progress.report));
        self.notice = Some(fit(fields, self.size.width.into()));
    }

    /// The key that goes on with a search.
    fn goes_on(&self, progress: &Progress<'_>) -> String {
        let action = match (progress.wanted, progress.towards) {
            (Wanted::Text(_) | Wanted::Terms(_), Towards::Older) => Action::SearchOlder,
            (Wanted::Text(_) | Wanted::Terms(_), Towards::Newer) => Action::SearchNewer,
            (Wanted::Sender(_), Towards::Older) => Action::SenderOlder,
            (Wanted::Sender(_), Towards::Newer) => Action::SenderNewer,
        };
        self.settings.keymap.hint(action)
    }

    /// How much is left to page through in the direction of a search.
    fn left(&self, progress: &Progress<'_>) -> Option<Left> {
        let history = self.history()?;
        let timeline = history.timeline();
        let end = match progress.towards {
            Towards::Older => history.horizon().unwrap_or(Seq::FIRST),
            Towards::Newer => timeline.head().unwrap_or(Seq::FIRST),
        };
        let from = match (progress.towards, progress.report.covered) {
            (Towards::Older, Some(covered)) => covered.first(),
            (Towards::Newer, Some(covered)) => covered.last(),
            (_, None) => history.selected()?,
        };
        let stretch = Stretch::new(end.min(from), end.max(from));
        let seqs = stretch.map_or(0, |s| super::filling::unfetched(timeline, s));
        let pages = seqs.div_ceil(PageSize::FULL.get());
        let seconds = u64::from(pages / self.settings.calls_per_second.max(1));
        Some(Left {
            pages,
            seconds: seconds.max(1),
            end,
        })
    }

    /// What the key line says while a search runs.
    pub(super) fn search_progress(&self, now: Now) -> Option<Line> {
        let progress: Progress<'_> = self.history()?.search_progress()?;
        let zone = self.zone()?;
        let report = &progress.report;
        let name = match progress.wanted {
            Wanted::Sender(_) => Clean::ours("same sender"),
            Wanted::Text(_) | Wanted::Terms(_) => {
                let room = usize::from(self.size.width / 6).min(20);
                let mut name = Clean::ours("/");
                name.push(&source(progress.wanted).truncate(room));
                name
            }
        };
        let mut fields = vec![
            Field::of(ALWAYS, Role::Accent, name),
            said(5, Role::Text, hits(progress.hits)),
            said(2, Role::Text, format!("{} read", grouped(report.present))),
        ];
        if let Some(reached) = report.time {
            let day = time::day(reached, zone).label();
            // The weekday is the first to go.
            let day = day.split_once(' ').map_or(day.as_str(), |(_, date)| date);
            let clock = time::clock(reached, zone);
            let clock = clock.get(..5).unwrap_or(&clock);
            fields.push(said(4, Role::Time, format!("at {day} {clock}")));
        }
        if progress.lacks_names {
            fields.push(said(7, Role::Warning, "names are still coming"));
        }
        let rate = self.pace.rate(now.mono);
        fields.push(said(1, Role::Dim, format!("{rate}/s")));
        if let Some(left) = self.left(&progress) {
            fields.push(said(6, Role::Text, left.words()));
            fields.push(said(0, Role::Dim, format!("to seq {}", grouped(left.end))));
        }
        fields.push(said(ALWAYS, Role::Text, "Esc stops"));
        Some(fit(fields, self.size.width.into()))
    }

    /// The line above the search prompt.
    pub(super) fn explain_search(&self, text: &str, now: Now) -> Line {
        match self.wanted(text, now) {
            Err(wrong) if !text.is_empty() => wrong_line(&wrong),
            Ok(Wanted::Terms(_)) => Line::of(
                Role::Dim,
                "read as filter terms, one word each · \"a phrase\" in quotes",
            ),
            _ => Line::of(
                Role::Dim,
                "text, file names, custom data, forwards · a capital counts · re:regex · from:ID",
            ),
        }
    }

    /// How many hits are marked, for the status line.
    pub(super) fn hits_words(&self) -> Option<String> {
        let found = self.history()?.hits()?;
        (found.count > 0).then(|| hits(found))
    }
}

/// What is left of the way of a search.
struct Left {
    pages: u32,
    seconds: u64,
    end: Seq,
}

impl Left {
    /// `2,250 pages, 12 s`.
    fn words(&self) -> String {
        let pages = if self.pages == 1 { "page" } else { "pages" };
        // From ten minutes on nobody counts the seconds.
        let whole = if self.seconds < 600 { 1 } else { 60 };
        let time = text::span_s(self.seconds.div_ceil(whole) * whole);
        format!("{} {pages}, {time}", grouped(self.pages))
    }
}

/// Whether a searched text has terms of the filter language in it, and not words
/// and a pattern alone, which are taken as they stand.
fn has_terms(text: &str) -> bool {
    let nobody = Offers { senders: &[] };
    // Where nothing has been typed, every key fits.
    let keys = query::complete("", 0, &nobody).map_or_else(Vec::new, |all| all.choices);
    let is_key = |name: &str| {
        let mut keys = keys.iter().filter_map(|key| key.strip_suffix(':'));
        keys.any(|key| key.eq_ignore_ascii_case(name))
    };
    let is_term = |word: &str| {
        let word = word.strip_prefix('-').unwrap_or(word);
        // An input method for Chinese writes the full-width colon.
        let parts = word.split_once([':', '\u{ff1a}']);
        parts.is_some_and(|(name, value)| !value.is_empty() && is_key(name))
    };
    text.split_whitespace().any(is_term)
}

fn said(keep: u8, role: Role, text: impl Display) -> Field {
    Field::of(keep, role, Clean::ours(text))
}

/// `1 hit`, and `2,000+ hits` while there may be more in what is loaded.
fn hits(found: Hits) -> String {
    let word = if found.count == 1 && !found.unfinished {
        "hit"
    } else {
        "hits"
    };
    let more = if found.unfinished { "+" } else { "" };
    format!("{}{more} {word}", grouped(found.count))
}

/// The hits of a sender, once they are known. Those of words stand in the status
/// line, which goes on counting after a remark was made.
fn counted(progress: &Progress<'_>) -> Option<Field> {
    let found = progress.hits;
    let by_sender = matches!(progress.wanted, Wanted::Sender(_));
    (by_sender && !found.unfinished).then(|| said(4, Role::Text, hits(found)))
}

/// What was typed to search for; nothing where a sender is.
fn source(wanted: &Wanted) -> Clean {
    match wanted {
        Wanted::Text(needle) => clean(needle.source()).one_line(),
        Wanted::Terms(query) => clean(query.source()).one_line(),
        Wanted::Sender(_) => Clean::default(),
    }
}

fn nothing_left(progress: &Progress<'_>) -> &'static str {
    match (progress.wanted, progress.towards) {
        (Wanted::Text(_) | Wanted::Terms(_), Towards::Older) if progress.on_hit => {
            "no hit older than this one"
        }
        (Wanted::Text(_) | Wanted::Terms(_), Towards::Newer) if progress.on_hit => {
            "no hit newer than this one"
        }
        (Wanted::Text(_) | Wanted::Terms(_), Towards::Older) => "no older hit",
        (Wanted::Text(_) | Wanted::Terms(_), Towards::Newer) => "no newer hit",
        (Wanted::Sender(_), Towards::Older) => "no older message of this sender",
        (Wanted::Sender(_), Towards::Newer) => "no newer message of this sender",
    }
}

/// The range a search covered, and what inside it could not be looked at: that is
/// said on the narrowest screen.
fn report_fields(report: &Report) -> Vec<Field> {
    let Some(covered) = report.covered else {
        return vec![said(ALWAYS, Role::Dim, "nothing was looked at")];
    };
    let range = format!("{}-{}", grouped(covered.first()), grouped(covered.last()));
    let mut fields = vec![
        field(ALWAYS, Role::Dim, format_args!("searched {range}")),
        said(2, Role::Dim, format!("{} read", grouped(report.present))),
    ];
    let missing = [
        (ALWAYS, report.withheld, "withheld"),
        (ALWAYS, report.gone, "gone"),
        (ALWAYS, report.failed, "failed"),
        (ALWAYS, report.unfetched, "between not searched"),
        (1, report.recalled, "recalled"),
        (1, report.unreadable, "unreadable"),
    ];
    let missing = missing.into_iter().filter(|(_, n, _)| *n > 0);
    fields.extend(
        missing.map(|(keep, n, word)| said(keep, Role::Dim, format!("{} {word}", grouped(n)))),
    );
    fields
}
