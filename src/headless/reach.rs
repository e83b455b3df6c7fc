//! A conversation without a screen: places in it are found and ranges of it loaded
//! by the same engines as in the browser.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::api::{Access, Client};
use crate::app::jobs::hunt::{Aim, Hunt, Landing, Step};
use crate::app::jobs::{Aloft, PageAsk, Standing};
use crate::export::{self, Desk, persist};
use crate::model::error::ApiError;
use crate::model::ids::{Conversation, Seq, UserId};
use crate::model::message::{Ask, AskNo, Page, PageSize};
use crate::model::timeline::{SeqState, Stretch, Timeline};

/// Calls in the air for each one the budget allows in a second: enough for round
/// trips of two seconds.
const IN_AIR_SECONDS: usize = 2;

/// What is known of one conversation, and how to know more.
#[derive(Debug)]
pub(super) struct Reach {
    client: Arc<Client>,
    conversation: Conversation,
    pub(super) timeline: Timeline,
    /// Pages that were given up, and why.
    failed: Vec<(PageAsk, ApiError)>,
    pub(super) calls_per_second: u32,
    asked: u64,
}

impl Reach {
    /// Asks for the newest page, which tells the head.
    ///
    /// # Errors
    /// It cannot be had.
    pub(super) async fn open(access: Access, conversation: Conversation) -> Result<Self, ApiError> {
        let calls_per_second = access.calls_per_second;
        let mut reach = Self {
            client: Arc::new(Client::new(access)),
            conversation,
            timeline: Timeline::new(),
            failed: Vec::new(),
            calls_per_second,
            asked: 0,
        };
        reach.poll().await?;
        Ok(reach)
    }

    /// Asks for the newest page again.
    ///
    /// # Errors
    /// It cannot be had.
    pub(super) async fn poll(&mut self) -> Result<(), ApiError> {
        let ask = self.ask(None, PageSize::FULL);
        let client = &self.client;
        let (ask, page) = export::page(client.as_ref(), &self.conversation, ask).await;
        self.timeline.merge(ask, page?);
        if self.timeline.head().is_none() {
            // Nothing, or nothing that the service shows: it knows how many there were.
            self.asked += 1;
            let no = AskNo(self.asked);
            let groups = [self.conversation.group.clone()];
            let told = persist(|| client.group_info(&groups)).await?;
            let info = told.into_iter().find_map(|answer| answer.info.ok());
            let next = info.and_then(|info| info.next_seq);
            let head = next.and_then(|next| Seq::new(next.saturating_sub(1)));
            if self.conversation.topic.is_none() {
                self.timeline.learn_head(head, no);
            }
        }
        Ok(())
    }

    fn ask(&mut self, seq: Option<Seq>, count: PageSize) -> Ask {
        self.asked += 1;
        Ask {
            seq,
            count,
            generation: self.timeline.generation(),
            no: AskNo(self.asked),
        }
    }

    /// Asks for pages, several at a time, and merges what comes. What cannot be had
    /// is kept as failed.
    async fn fetch(&mut self, pages: &[PageAsk]) {
        let wide = usize::try_from(self.calls_per_second).unwrap_or(1).max(1) * IN_AIR_SECONDS;
        let mut waiting = pages.iter();
        let mut aloft: JoinSet<(PageAsk, Ask, Result<Page, ApiError>)> = JoinSet::new();
        loop {
            while aloft.len() < wide
                && let Some(&page) = waiting.next()
            {
                let ask = self.ask(Some(page.seq), page.count);
                let (client, conversation) = (Arc::clone(&self.client), self.conversation.clone());
                aloft.spawn(async move {
                    let asked = export::page(client.as_ref(), &conversation, ask);
                    let (ask, answer) = asked.await;
                    (page, ask, answer)
                });
            }
            let Some(landed) = aloft.join_next().await else {
                return;
            };
            // A task that died is a bug of ours; without its page nothing here is true.
            let (page, ask, answer) = match landed {
                Ok(landed) => landed,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => continue,
                },
            };
            match answer {
                Ok(answer) => {
                    self.timeline.merge(ask, answer);
                }
                Err(error) => {
                    let stops = self.client.stopped_by().is_some();
                    self.failed.push((page, error));
                    if stops {
                        // Whatever is still to be asked would be refused, too.
                        let rest = waiting.by_ref().copied();
                        let error = self.failed.last().map(|(_, error)| error.clone());
                        let rest = rest.zip(error.into_iter().cycle());
                        self.failed.extend(rest.collect::<Vec<_>>());
                    }
                }
            }
        }
    }

    /// Loads all that is missing of a stretch, as far as it can be had.
    pub(super) async fn fill(&mut self, stretch: Stretch) {
        loop {
            let before = self.timeline.loaded();
            let pages = self.missing(stretch);
            if pages.is_empty() {
                return;
            }
            self.fetch(&pages).await;
            // The service answers, and says nothing: it would do so for ever.
            if self.timeline.loaded() == before {
                return;
            }
        }
    }

    /// The pages that would load what is missing, without those that were given up.
    fn missing(&self, stretch: Stretch) -> Vec<PageAsk> {
        let runs = self.timeline.runs(stretch.first()..=stretch.last());
        let unfetched = runs.filter(|run| run.state == SeqState::Unfetched);
        let mut pages = Vec::new();
        for run in unfetched {
            let mut rest = Stretch::new(run.first, run.last);
            while let Some(part) = rest {
                let page = PageAsk::top_of(part);
                let window = page.window();
                if self.given_up(window).is_none() {
                    pages.push(page);
                }
                let below = window.first().prev();
                rest = below.and_then(|last| Stretch::new(part.first(), last));
            }
        }
        pages
    }

    /// Why a part of this could not be had.
    fn given_up(&self, window: Stretch) -> Option<&ApiError> {
        let mut failed = self.failed.iter();
        let failed = failed.find(|(page, _)| page.window().meet(window).is_some());
        failed.map(|(_, error)| error)
    }

    /// The stretches that were given up.
    pub(super) fn failed(&self) -> Vec<Stretch> {
        self.failed.iter().map(|(page, _)| page.window()).collect()
    }

    /// Why the first page that was given up was.
    pub(super) fn first_error(&self) -> Option<&ApiError> {
        self.failed.first().map(|(_, error)| error)
    }

    /// Finds a time, or the oldest message that is left.
    pub(super) async fn hunt(&mut self, aim: Aim) -> Option<Landing> {
        let mut hunt = Hunt::new(aim, Hunt::breadth_for(self.calls_per_second));
        loop {
            let failed = self.failed.iter().map(|(page, _)| Aloft {
                ask: *page,
                how: Standing::Failed,
            });
            let failed: Vec<_> = failed.collect();
            match hunt.step(&self.timeline, &failed) {
                Step::Landed(landing) => return Some(landing),
                Step::Wait => return None,
                Step::Ask(pages) => self.fetch(&pages).await,
            }
        }
    }

    /// Whether an error of the credentials has stopped all calls.
    pub(super) fn has_stopped(&self) -> bool {
        self.client.stopped_by().is_some()
    }

    /// What some users are called, as in the browser: by their name card in the group,
    /// else by their nickname.
    ///
    /// # Errors
    /// The service does not say.
    pub(super) async fn names(
        &self,
        users: BTreeSet<UserId>,
    ) -> Result<HashMap<UserId, String>, ApiError> {
        let client = Client::clone(&self.client);
        let group = self.conversation.group.clone();
        let desk = Desk::new(client, group, BTreeMap::new());
        desk.learn(&users).await?;
        let told = desk.fresh().into_iter();
        Ok(told
            .filter_map(|(user, name)| Some((user, name?)))
            .collect())
    }

    /// Which one it is.
    pub(super) fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// The newest seq; `None` where there is no message.
    pub(super) fn head(&self) -> Option<Seq> {
        self.timeline.head()
    }
}
