//! `show`, `find` and `follow`: what was said, without a screen.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write;
use std::time::Instant;

use super::place::Astray;
use super::reach::Reach;
use super::told::Teller;
use super::{Clock, Ends, Out, Telling, VerbError, event_loop};
use crate::api::Access;
use crate::app::follow::Follow;
use crate::cli::Exit;
use crate::model::goto;
use crate::model::ids::{Conversation, Seq, UserId};
use crate::model::mask::Mask;
use crate::model::query::{Query, Subject};
use crate::model::timeline::{SeqState, Stretch};

/// Seqs that `find` and `audit` look at unless told: some fifty calls.
const NEWEST: u32 = 1_000;

/// Seqs that `follow` begins with.
const BEFORE: u32 = 10;

/// What to print the results to, and what to say beside them.
#[derive(Debug)]
pub struct Prints<'a, O, E> {
    /// Results.
    pub out: &'a mut Out<O>,
    /// The rest.
    pub err: &'a mut Out<E>,
}

/// From where to where, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Range {
    /// The first seq, or the first at or after a time; without it the newest
    /// [`NEWEST`] seqs, or as many below `to`.
    pub from: Option<String>,
    /// The last seq, or the last before a time; without it the newest.
    pub to: Option<String>,
}

/// `show`: so many messages from a place on; the newest where none is named.
///
/// # Errors
/// The place is none, or the service cannot be asked.
pub fn show(
    access: Access,
    conversation: Conversation,
    (place, count, telling): (Option<&str>, u32, &Telling),
    prints: &mut Prints<'_, impl Write, impl Write>,
) -> Result<Exit, VerbError> {
    event_loop()?.block_on(async {
        let mut reach = Reach::open(access, conversation).await?;
        let Some(head) = reach.head() else {
            prints.err.line("no message yet")?;
            return Ok(Exit::Good);
        };
        let stretch = match place {
            Some(place) => {
                let from = reach.place(place, &telling.clock).await?;
                reach.messages_from(from, count).await
            }
            None => reach.messages_to(head, count).await,
        };
        let mut mask = reach.mask(telling);
        reach
            .tell(stretch, (telling, mask.as_mut()), prints)
            .await?;
        ended(&reach, Exit::Good, prints.err)
    })
}

/// `find`: the messages of a range that match. Exit 1 where none does.
///
/// # Errors
/// The range is none, or the service cannot be asked.
pub fn find(
    access: Access,
    conversation: Conversation,
    (expression, range, telling): (&str, &Range, &Telling),
    prints: &mut Prints<'_, impl Write, impl Write>,
) -> Result<Exit, VerbError> {
    let clock = &telling.clock;
    let read_time = |text: &str| goto::read_time(text, &clock.zone, clock.now);
    let query =
        Query::parse(expression, &read_time).map_err(|wrong| VerbError::Typed(wrong.words))?;
    event_loop()?.block_on(async {
        let mut reach = Reach::open(access, conversation).await?;
        let Some(stretch) = reach.range(range, clock).await? else {
            prints.err.line("no message in this range")?;
            return Ok(Exit::Wanting);
        };
        reach.fill(stretch).await;
        let mut mask = reach.mask(telling);
        let names = match &mask {
            _ if query.uses_names() => reach.names(reach.senders(stretch)).await?,
            Some(mask) => reach.names_to_hide((stretch, mask), prints.err).await?,
            None => HashMap::new(),
        };
        if let Some(mask) = &mut mask {
            reach.introduce(stretch, &names, mask);
        }
        let name_of = |user: &UserId| names.get(user).map(String::as_str);
        let teller = reach.teller(telling, &name_of, mask.as_ref());
        let mut hits = 0_u32;
        for run in reach.timeline.runs(stretch.first()..=stretch.last()) {
            let failed = reach.timeline.state(run.first) == SeqState::Unfetched;
            // Neighbours without a message are alike for every filter but its `seq:`.
            let mut seq = Some(run.first);
            while let Some(at) = seq.filter(|at| *at <= run.last) {
                seq = at.next();
                let message = reach.timeline.message(at);
                if message.is_none() && !query.wants_holes() {
                    break;
                }
                let subject = Subject {
                    seq: at,
                    state: run.state,
                    failed,
                    message,
                    name: message.and_then(|m| m.sender.as_ref()).and_then(name_of),
                };
                if query.matches(&subject) {
                    hits += 1;
                    teller.seq(at, prints.out)?;
                }
            }
        }
        prints.err.line(&reach.report(stretch, hits))?;
        let found = if hits > 0 { Exit::Good } else { Exit::Wanting };
        ended(&reach, found, prints.err)
    })
}

/// `follow`: the newest messages, and each new one as it comes, until a signal ends it.
///
/// # Errors
/// The service refuses for good.
pub fn follow(
    access: Access,
    conversation: Conversation,
    telling: &Telling,
    prints: &mut Prints<'_, impl Write, impl Write>,
) -> Result<Exit, VerbError> {
    event_loop()?.block_on(async {
        let mut ends = Ends::listen().map_err(VerbError::Start)?;
        let mut reach = Reach::open(access, conversation).await?;
        let mut said = None;
        let mut mask = reach.mask(telling);
        if let Some(head) = reach.head() {
            let stretch = reach.messages_to(head, BEFORE).await;
            reach
                .tell(stretch, (telling, mask.as_mut()), prints)
                .await?;
            said = Some(head);
        }
        let mut follow = Follow::new(Instant::now());
        follow.answered(0, Instant::now());
        loop {
            let due = follow.wake_at().unwrap_or_else(Instant::now);
            tokio::select! {
                number = ends.next() => return Ok(Exit::Signal(number)),
                () = tokio::time::sleep_until(due.into()) => {}
            }
            if prints.out.is_gone() {
                return Ok(Exit::Good);
            }
            follow.asked();
            if let Err(error) = reach.poll().await {
                prints.err.line(&error.to_string())?;
                if reach.has_stopped() {
                    return Err(error.into());
                }
                follow.failed(Instant::now());
                continue;
            }
            let fresh = reach.head().filter(|head| Some(*head) > said);
            let new = fresh.and_then(|head| {
                let from = said.map_or(Some(Seq::FIRST), Seq::next)?;
                Stretch::new(from, head)
            });
            follow.answered(new.map_or(0, Stretch::len), Instant::now());
            if let Some(stretch) = new {
                reach.fill(stretch).await;
                reach
                    .tell(stretch, (telling, mask.as_mut()), prints)
                    .await?;
                said = fresh;
            }
        }
    })
}

/// How a verb ends that has printed what there was: 4 where some of it failed.
pub(super) fn ended(
    reach: &Reach,
    good: Exit,
    err: &mut Out<impl Write>,
) -> Result<Exit, VerbError> {
    let Some(error) = reach.first_error() else {
        return Ok(good);
    };
    err.line(&error.to_string())?;
    Ok(Exit::Incomplete)
}

impl Reach {
    pub(super) fn teller<'a>(
        &'a self,
        telling: &'a Telling,
        name_of: &'a dyn Fn(&UserId) -> Option<&'a str>,
        mask: Option<&'a Mask>,
    ) -> Teller<'a> {
        Teller {
            mask,
            timeline: &self.timeline,
            zone: &telling.clock.zone,
            name_of,
            json: telling.json,
            error: self.first_error(),
        }
    }

    /// The stretch that was meant; `None` where there is nothing in it.
    pub(super) async fn range(
        &mut self,
        range: &Range,
        clock: &Clock,
    ) -> Result<Option<Stretch>, VerbError> {
        let Some(head) = self.head() else {
            return Ok(None);
        };
        let last = match &range.to {
            None => Some(head),
            Some(text) => {
                let place = self.place(text, clock).await?;
                // A seq is included, a time is not.
                if self.is_time(text, clock) && !self.is_before(place, text, clock) {
                    place.prev()
                } else {
                    Some(place)
                }
            }
        };
        let Some(last) = last else { return Ok(None) };
        let first = match &range.from {
            None => last.back(NEWEST - 1),
            Some(text) => self.place(text, clock).await?,
        };
        Ok(Stretch::new(first, last))
    }

    /// The stretch from a seq on that holds so many messages.
    async fn messages_from(&mut self, from: Seq, count: u32) -> Stretch {
        let head = self.head().unwrap_or(from);
        let mut last = from.forward(count.max(1) - 1).min(head);
        loop {
            let stretch = Stretch::new(from, last).unwrap_or(Stretch::one(from));
            self.fill(stretch).await;
            let missing = count.saturating_sub(self.messages_in(stretch));
            if missing == 0 || last == head || self.first_error().is_some() {
                return stretch;
            }
            last = last.forward(missing).min(head);
        }
    }

    /// The stretch up to a seq that holds so many messages.
    async fn messages_to(&mut self, last: Seq, count: u32) -> Stretch {
        let mut first = last.back(count.max(1) - 1);
        loop {
            let stretch = Stretch::new(first, last).unwrap_or(Stretch::one(last));
            self.fill(stretch).await;
            let missing = count.saturating_sub(self.messages_in(stretch));
            if missing == 0 || first == Seq::FIRST || self.first_error().is_some() {
                return stretch;
            }
            first = first.back(missing);
        }
    }

    fn messages_in(&self, stretch: Stretch) -> u32 {
        let here = self.timeline.runs(stretch.first()..=stretch.last());
        let here = here.filter(|run| run.state == SeqState::Present);
        here.map(|run| run.last.get() - run.first.get() + 1).sum()
    }

    /// What was looked at, and what of it could not be.
    fn report(&self, stretch: Stretch, hits: u32) -> String {
        let mut counts: Vec<(SeqState, u32)> = Vec::new();
        for run in self.timeline.runs(stretch.first()..=stretch.last()) {
            let seqs = run.last.get() - run.first.get() + 1;
            match counts.iter_mut().find(|(state, _)| *state == run.state) {
                Some((_, count)) => *count += seqs,
                None => counts.push((run.state, seqs)),
            }
        }
        let mut words = format!(
            "{hits} found in seqs {}-{}",
            stretch.first(),
            stretch.last()
        );
        for (state, count) in counts {
            let plural = crate::app::history::words::plural(state);
            let _ = write!(words, " · {count} {plural}");
        }
        words
    }
}

impl From<Astray> for VerbError {
    fn from(astray: Astray) -> Self {
        match astray {
            Astray::Typed(words) => Self::Typed(words),
            Astray::NotFound(words) => Self::NotFound(words),
            Astray::Service(error) => error.into(),
        }
    }
}
