//! Taking messages along: the selection, the copy menu and what it copies, the
//! plain page.

use super::App;
use super::action::Action;
use super::copy_menu::CopyMenu;
use super::event::{Copy, Effect, Request};
use super::flights::Phase;
use super::history::{Beside, History};
use super::line::Role;
use super::overlay::Overlay;
use crate::model::copyable::Copyable;
use crate::model::error::ApiError;
use crate::model::excerpt::{self, Entry, Excerpt};
use crate::model::ids::{Seq, UserId};
use crate::model::message::{Ask, PageSize};
use crate::model::permalink;
use crate::model::request::{self, Asked};
use crate::model::text::{Clean, clean, grouped};
use crate::model::timeline::{SeqState, Stretch};

/// More messages than this are a matter for a file: decoding them takes a second.
const MOST: usize = 10_000;

impl App {
    /// Starts or ends a selection.
    pub(super) fn toggle_selection(&mut self) {
        if let Some(history) = self.history_mut() {
            history.toggle_selection();
        }
    }

    /// `selected 9 seqs, 812-820`.
    pub(super) fn selection_words(&self) -> Option<String> {
        let stretch = self.history()?.selection()?;
        let seqs = if stretch.len() == 1 { "seq" } else { "seqs" };
        Some(format!("{} {seqs} selected", grouped(stretch.len())))
    }

    /// Opens the menu for what is selected.
    pub(super) fn open_copy_menu(&mut self) {
        let Some(history) = self.history() else {
            self.say(Role::Dim, "no conversation is open");
            return;
        };
        let menu = CopyMenu {
            stretch: history.taken(),
            at: history.selected(),
            masked: false,
        };
        self.overlay = Some(Overlay::Copy(menu));
    }

    /// Does an action in the menu, which closes when something was copied.
    pub(super) fn menu_act(&mut self, mut menu: CopyMenu, action: Action) -> Vec<Effect> {
        let entry = is_entry(action);
        if action == Action::ToggleMask && menu.stretch.is_some() {
            menu.masked = !menu.masked;
            self.overlay = Some(Overlay::Copy(menu));
        } else if entry && !menu.offers(action) {
            let mask = self.settings.keymap.hint(Action::ToggleMask);
            let words = if menu.stretch.is_none() {
                "nothing is loaded here".to_owned()
            } else {
                format!("only text and ticket block can be masked · {mask} shows IDs again")
            };
            self.say(Role::Warning, words);
        } else if entry {
            match self.copy_of(&menu, action) {
                Ok((text, what)) => {
                    self.overlay = None;
                    self.note_taken(what, menu.stretch);
                    let what = what.to_owned();
                    return vec![Effect::Copy(Copy { text, what })];
                }
                Err(why) => self.say(Role::Warning, why),
            }
        } else if action == Action::Out {
            self.close_box();
        }
        Vec::new()
    }

    /// The text of an entry and what it is, or why there is none.
    fn copy_of(&self, menu: &CopyMenu, action: Action) -> Result<(Copyable, &'static str), String> {
        if action == Action::CopyRequest {
            return Ok((self.request_of(menu.at)?, "request"));
        }
        let stretch = menu.stretch.ok_or("nothing is loaded here")?;
        if action == Action::CopyLink {
            return self.links(stretch).map(|links| (links, "permalink"));
        }
        let excerpt = self.excerpt(stretch)?;
        let style = self.settings.ticket;
        Ok(match (action, menu.masked) {
            (Action::CopyTicket, false) => {
                (excerpt::ticket(&excerpt, style, false), "ticket block")
            }
            (Action::CopyTicket, true) => (excerpt::ticket(&excerpt, style, true), "masked ticket"),
            (Action::CopyJson, _) => (excerpt::json(&excerpt), "raw JSON"),
            (Action::CopyHex, _) => (excerpt::hex(&excerpt), "hex dump"),
            (Action::CopyIds, _) => (excerpt::ids(&excerpt), "IDs"),
            (Action::CopyUrls, _) => {
                let urls = excerpt::urls(&excerpt);
                (
                    urls.ok_or("there is no media address in this")?,
                    "media URLs",
                )
            }
            (_, false) => (excerpt::text(&excerpt, false), "text"),
            (_, true) => (excerpt::text(&excerpt, true), "masked text"),
        })
    }

    /// All there is of a stretch of the conversation on screen.
    fn excerpt(&self, stretch: Stretch) -> Result<Excerpt<'_>, String> {
        let none = || "no conversation is open".to_owned();
        let history = self.history().ok_or_else(none)?;
        let zone = self.zone().ok_or_else(none)?;
        let messages = history
            .timeline()
            .messages(stretch.first()..=stretch.last());
        if messages.take(MOST + 1).count() > MOST {
            return Err(format!(
                "these are more than {} messages: select fewer",
                grouped(u32::try_from(MOST).unwrap_or(u32::MAX))
            ));
        }
        let conversation = &history.conversation;
        let names = |user: &UserId| self.names.plain(&conversation.group, user);
        let beside = Beside {
            names: &names,
            marks: self.places.marks(conversation),
        };
        let entries: Vec<Entry<'_>> = history.entries(stretch, beside);
        let filter = history.filter();
        Ok(Excerpt {
            app: self.settings.app,
            profile: self.settings.label.clone(),
            conversation,
            name: self.picker.name(conversation),
            zone,
            people: self.people_of(history),
            filter: filter.map(|query| clean(query.source()).one_line()),
            entries,
        })
    }

    /// Everybody that a text may name, for the mask.
    fn people_of(&self, history: &History) -> Vec<(UserId, Option<Clean>)> {
        let senders = history
            .senders_loaded()
            .into_iter()
            .map(|user| (user, None));
        let named = self.names.everybody(&history.conversation.group);
        let named = named.map(|(user, name)| (user.clone(), name.cloned()));
        senders.chain(named).collect()
    }

    fn links(&self, stretch: Stretch) -> Result<Copyable, String> {
        let history = self.history().ok_or("no conversation is open")?;
        let link = |seq| permalink::link(self.settings.app, &history.conversation, seq);
        let mut links = vec![link(stretch.first())];
        if stretch.first() != stretch.last() {
            links.push(link(stretch.last()));
        }
        let links = links.iter().map(|link| Copyable::from(Clean::ours(link)));
        Ok(Copyable::lines(links))
    }

    /// The request behind what the cursor is on: the page that came, or the one that
    /// failed where nothing came.
    fn request_of(&self, at: Option<Seq>) -> Result<Copyable, String> {
        let none = || "nothing has been asked for here yet".to_owned();
        let history = self.history().ok_or_else(none)?;
        let zone = self.zone().ok_or_else(none)?;
        let loaded = at.filter(|seq| history.timeline().state(*seq) != SeqState::Unfetched);
        let answered = loaded.and_then(|seq| history.page_of(seq));
        let failed = || self.failed_page(history, at);
        let (ask, answer) = answered
            .map(|answer| (answer.ask, Ok((answer.at, &answer.info))))
            .or_else(|| failed().map(|(ask, error)| (ask, Err(error))))
            .ok_or_else(none)?;
        let asked = Asked {
            app: self.settings.app,
            conversation: &history.conversation,
            ask,
            answer,
            zone,
        };
        Ok(request::written(&self.settings.caller, &asked))
    }

    /// A page around `at`, or the newest one, that ended in an error.
    fn failed_page(&self, history: &History, at: Option<Seq>) -> Option<(Ask, &ApiError)> {
        let mut flights = self.flights.iter();
        flights.find_map(|flight| {
            let error = match &flight.phase {
                Phase::Failed { error } | Phase::Waiting { error, .. } => error,
                Phase::Running { error, .. } => error.as_ref()?,
            };
            let Request::History { conversation, ask } = flight.sent() else {
                return None;
            };
            let reaches = |seq: Seq, upper: Seq| {
                let lower = upper.back(PageSize::get(ask.count).saturating_sub(1));
                lower <= seq && seq <= upper
            };
            let here = match (at, ask.seq) {
                (Some(seq), Some(upper)) => reaches(seq, upper) || in_one_gap(history, seq, upper),
                (None, _) | (Some(_), None) => true,
            };
            (conversation == &history.conversation && here).then_some((*ask, error))
        })
    }

    /// Shows the message or the selection outside of our screen.
    pub(super) fn print_page(&mut self) -> Vec<Effect> {
        let taken = self.history().and_then(History::taken);
        let Some(stretch) = taken else {
            self.say(Role::Dim, "no message is selected");
            return Vec::new();
        };
        match self.excerpt(stretch).map(|excerpt| excerpt::page(&excerpt)) {
            Ok(page) => {
                self.printed = true;
                self.note_taken("plain page", Some(stretch));
                vec![Effect::Print(page)]
            }
            Err(why) => {
                self.say(Role::Warning, why);
                Vec::new()
            }
        }
    }
}

/// A page that failed is asked for at the edge of its gap, wherever in it the cursor is.
fn in_one_gap(history: &History, seq: Seq, upper: Seq) -> bool {
    let run = history.timeline().run(seq);
    run.state == SeqState::Unfetched && run.first <= upper && upper <= run.last
}

/// Whether it is one of the menu's own.
const fn is_entry(action: Action) -> bool {
    matches!(
        action,
        Action::CopyText
            | Action::CopyTicket
            | Action::CopyJson
            | Action::CopyHex
            | Action::CopyLink
            | Action::CopyIds
            | Action::CopyUrls
            | Action::CopyRequest
    )
}
