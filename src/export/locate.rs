//! From what somebody typed to seqs: the newest, the oldest that is left, the first at a time.

use tokio::task::JoinSet;

use super::names::persist;
use super::service::Service;
use crate::app::jobs::hunt::{Aim, Found, Hunt, Landing, Step};
use crate::app::jobs::{Aloft, PageAsk, Standing};
use crate::model::error::{ApiError, Remedy};
use crate::model::goto::{self, Destination, Place};
use crate::model::ids::{Conversation, Seq};
use crate::model::message::{Ask, AskNo, Page, PageSize, Timestamp};
use crate::model::text::{Clean, clean};
use crate::model::time::Zone;
use crate::model::timeline::{SeqState, Stretch, Timeline};

/// Why there is no range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Nowhere {
    /// The service refused, or could not be reached.
    #[error("{0}")]
    Refused(Box<ApiError>),
    /// What was typed means nothing, or no place in this conversation.
    #[error("--{end}: {words}")]
    Unreadable {
        /// `from` or `to`.
        end: &'static str,
        /// What is wrong and what would be possible.
        words: Clean,
    },
    /// There is no message in the range.
    #[error("{0}")]
    Empty(&'static str),
}

/// The ends of a range, as they were typed; `None` for the oldest left and for the head.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ends<'a> {
    /// Included.
    pub from: Option<&'a str>,
    /// Included where it is a seq, excluded where it is a time.
    pub to: Option<&'a str>,
}

/// Where an export begins and ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Both ends included.
    pub range: Stretch,
    /// The newest seq.
    pub head: Seq,
    /// What to tell the reader: how times were understood, and what is not certain.
    pub remarks: Vec<Clean>,
    /// Calls it took.
    pub calls: u64,
}

/// One who looks for places in a conversation.
#[derive(Debug)]
pub struct Finder<'a, S> {
    /// Who is asked.
    pub service: &'a S,
    /// About what.
    pub conversation: &'a Conversation,
    /// Calls a second: how many pages are asked for at once.
    pub rate: u32,
    /// In which times are read and said.
    pub zone: &'a Zone,
    /// What time it is.
    pub now: Option<Timestamp>,
}

/// What is known so far.
#[derive(Debug, Default)]
struct Search {
    timeline: Timeline,
    calls: u64,
    remarks: Vec<Clean>,
}

/// A place that was found.
enum Spot {
    Seq(Seq),
    /// The first at or after a time.
    Time(Landing),
}

impl<S: Service> Finder<'_, S> {
    /// Finds both ends. A seq above the head counts as the head.
    ///
    /// # Errors
    /// See [`Nowhere`].
    pub async fn range(&self, ends: Ends<'_>) -> Result<Located, Nowhere> {
        let mut search = Search::default();
        let head = self.head(&mut search).await?;
        let first = match ends.from {
            None => self.oldest(&mut search).await?,
            Some(text) => match self.spot(&mut search, ("from", text), head).await? {
                Spot::Seq(seq) => seq,
                Spot::Time(landing) => after(landing),
            },
        };
        let last = match ends.to {
            None => Some(head),
            Some(text) => match self.spot(&mut search, ("to", text), head).await? {
                Spot::Seq(seq) => Some(seq.min(head)),
                Spot::Time(landing) => before(landing, head),
            },
        };
        let range = last.and_then(|last| Stretch::new(first, last));
        Ok(Located {
            range: range.ok_or(Nowhere::Empty("there is no message in that range"))?,
            head,
            remarks: search.remarks,
            calls: search.calls,
        })
    }

    /// The newest page and what the service says of itself: the newest messages may be withheld.
    async fn head(&self, search: &mut Search) -> Result<Seq, Nowhere> {
        let ask = search.timeline.ask(None, AskNo(1));
        let (ask, page) = page(self.service, self.conversation, ask).await;
        search.timeline.merge(ask, page.map_err(refused)?);
        let told = persist(|| self.service.head(self.conversation)).await;
        search.calls += 2;
        // Who may read a history may not be allowed to read this; the page is enough then.
        if let Ok(told @ Some(_)) = told {
            search.timeline.learn_head(told, AskNo(2));
        }
        let head = search.timeline.head();
        head.ok_or(Nowhere::Empty("there is no message at all"))
    }

    async fn oldest(&self, search: &mut Search) -> Result<Seq, Nowhere> {
        let landing = self.hunt(search, Aim::Oldest).await?;
        match landing.what {
            Found::Nothing => Err(Nowhere::Empty(
                "no message is left; name a range with --from",
            )),
            Found::At(_)
            | Found::AfterTheNewest(_)
            | Found::Oldest(_)
            | Found::Untimed { .. }
            | Found::Failed => Ok(landing.seq),
        }
    }

    async fn spot(
        &self,
        search: &mut Search,
        (end, text): (&'static str, &str),
        head: Seq,
    ) -> Result<Spot, Nowhere> {
        let unreadable = |words: &str| Nowhere::Unreadable {
            end,
            words: clean(words).one_line(),
        };
        let place = Place {
            zone: self.zone,
            now: self.now,
            selected: None,
            selected_time: None,
            head: Some(head),
        };
        let reading = goto::read(text, &place).map_err(|wrong| unreadable(&wrong.words))?;
        search
            .remarks
            .push(clean(&format!("{end}: {}", reading.words)).one_line());
        for (_, other) in &reading.others {
            let remark = format!("{end}: could also mean {other}; write it so if it does");
            search.remarks.push(clean(&remark).one_line());
        }
        match reading.destination {
            Destination::Start => self.oldest(search).await.map(Spot::Seq),
            Destination::End => Ok(Spot::Seq(head)),
            Destination::Seq(seq) => Ok(Spot::Seq(seq)),
            Destination::Time(time) => {
                let landing = self.hunt(search, Aim::Time(time)).await?;
                if let Found::Untimed { first, last } = landing.what {
                    let remark = format!(
                        "{end}: no times are known from seq {first} to {last}; all of it is taken"
                    );
                    search.remarks.push(clean(&remark));
                }
                Ok(Spot::Time(landing))
            }
            Destination::Elsewhere(target) if target.conversation == *self.conversation => target
                .seq
                .map(Spot::Seq)
                .ok_or_else(|| unreadable("the link names no message")),
            Destination::Elsewhere(_) => Err(unreadable("the link leads to another conversation")),
            Destination::Message(_) => Err(unreadable(
                "a message ID has no certain place; give a seq or a time",
            )),
        }
    }

    /// Lets the engine of the go-to prompt look, with pages asked for at once.
    async fn hunt(&self, search: &mut Search, aim: Aim) -> Result<Landing, Nowhere> {
        let mut hunt = Hunt::new(aim, Hunt::breadth_for(self.rate));
        let mut aloft: Vec<Aloft> = Vec::new();
        let mut air: JoinSet<(PageAsk, Ask, Result<Page, ApiError>)> = JoinSet::new();
        loop {
            let wanted = match hunt.step(&search.timeline, &aloft) {
                Step::Landed(landing) if landing.what == Found::Failed => {
                    return Err(Nowhere::Empty(
                        "the range could not be found; name seqs instead",
                    ));
                }
                Step::Landed(landing) => return Ok(landing),
                Step::Wait => return Err(Nowhere::Empty("there is no message at all")),
                Step::Ask(wanted) => wanted,
            };
            for page in wanted {
                if aloft.iter().any(|flight| flight.ask == page) {
                    continue;
                }
                aloft.push(Aloft {
                    ask: page,
                    how: Standing::Running,
                });
                search.calls += 1;
                let ask = Ask {
                    seq: Some(page.seq),
                    count: PageSize::clamped(page.count.get()),
                    generation: search.timeline.generation(),
                    no: AskNo(search.calls),
                };
                let (service, conversation) = (self.service.clone(), self.conversation.clone());
                air.spawn(async move {
                    let (ask, result) = self::page(&service, &conversation, ask).await;
                    (page, ask, result)
                });
            }
            let (page, ask, result) = match air.join_next().await {
                Some(Ok(landed)) => landed,
                Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
                None => return Err(Nowhere::Empty("the range could not be found")),
            };
            aloft.retain(|flight| flight.ask != page);
            match result {
                Ok(answer) => {
                    search.timeline.merge(ask, answer);
                }
                Err(error) if error.remedy() != Remedy::Transient => return Err(refused(error)),
                Err(_) => {}
            }
            if search.timeline.state(page.seq) == SeqState::Unfetched {
                aloft.push(Aloft {
                    ask: page,
                    how: Standing::Failed,
                });
            }
        }
    }
}

/// A page, or the upper part of it where the whole is too large to send, and what was
/// asked for in the end.
pub(crate) async fn page(
    service: &impl Service,
    conversation: &Conversation,
    mut ask: Ask,
) -> (Ask, Result<Page, ApiError>) {
    loop {
        let result = persist(|| service.page(conversation, &ask)).await;
        match result.as_ref().err().and_then(|error| ask.smaller(error)) {
            Some(less) => ask = less,
            None => return (ask, result),
        }
    }
}

fn refused(error: ApiError) -> Nowhere {
    Nowhere::Refused(Box::new(error))
}

/// The first seq that is not before the time that was looked for.
fn after(landing: Landing) -> Seq {
    match landing.what {
        // The newest is older: what follows it.
        Found::AfterTheNewest(_) => landing.seq.forward(1),
        Found::Untimed { first, .. } => first,
        Found::At(_) | Found::Oldest(_) | Found::Nothing | Found::Failed => landing.seq,
    }
}

/// The last seq that is before it; `None` where there is none.
fn before(landing: Landing, head: Seq) -> Option<Seq> {
    match landing.what {
        Found::AfterTheNewest(_) => Some(head),
        Found::Untimed { last, .. } => Some(last),
        Found::At(_) | Found::Oldest(_) | Found::Nothing | Found::Failed => landing.seq.prev(),
    }
}
