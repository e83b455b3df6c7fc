//! What senders are called: name cards of the group first, then nicknames.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::service::Service;
use crate::app::flights::retry_after;
use crate::model::error::{ApiError, Remedy};
use crate::model::ids::{GroupId, UserId};
use crate::model::message::Page;
use crate::model::text::{Clean, clean};

/// Most users one call for name cards takes (api-facts 4.5); nicknames take twice that.
const A_CALL: usize = 50;

/// Where names are asked for, one call at a time; clones are the same desk.
///
/// Who comes while a call is in the air is asked for in the next one together with all
/// others, so that a thousand senders cost some dozens of calls.
#[derive(Debug, Clone)]
pub struct Desk<S> {
    service: S,
    group: GroupId,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    turn: tokio::sync::Mutex<()>,
    book: Mutex<Book>,
    calls: AtomicU64,
}

#[derive(Debug, Default)]
struct Book {
    /// As they came; `None`: asked, and there is none.
    known: BTreeMap<UserId, Option<String>>,
    wanted: BTreeSet<UserId>,
    /// In the call that is in the air.
    asking: BTreeSet<UserId>,
    /// Learnt since somebody looked.
    fresh: Vec<(UserId, Option<String>)>,
}

impl<S: Service> Desk<S> {
    /// A desk that knows some names already.
    #[must_use]
    pub fn new(service: S, group: GroupId, known: BTreeMap<UserId, Option<String>>) -> Self {
        let book = Book {
            known,
            ..Book::default()
        };
        let shared = Shared {
            book: Mutex::new(book),
            ..Shared::default()
        };
        Self {
            service,
            group,
            shared: Arc::new(shared),
        }
    }

    /// Learns who sent the messages of a page. Whom the service does not know has no name.
    ///
    /// # Errors
    /// The service does not answer: nobody knows whether they have names.
    pub async fn meet(&self, page: &Page) -> Result<(), ApiError> {
        let senders = page.items.iter().filter_map(|item| item.sender.clone());
        self.learn(&senders.collect()).await
    }

    /// Learns what these users are called.
    ///
    /// # Errors
    /// As [`Desk::meet`].
    pub async fn learn(&self, users: &BTreeSet<UserId>) -> Result<(), ApiError> {
        let all_known = || self.with(|book| users.iter().all(|user| book.known.contains_key(user)));
        if all_known() {
            return Ok(());
        }
        self.with(|book| {
            for user in users {
                if !book.known.contains_key(user) && !book.asking.contains(user) {
                    book.wanted.insert(user.clone());
                }
            }
        });
        while !all_known() {
            let _turn = self.shared.turn.lock().await;
            let some: Vec<UserId> = self.with(|book| {
                let some: Vec<_> = book.wanted.iter().take(A_CALL).cloned().collect();
                for user in &some {
                    book.wanted.remove(user);
                    book.asking.insert(user.clone());
                }
                some
            });
            // Nobody is left where the call before this one asked for all of them.
            if !some.is_empty()
                && let Err(error) = self.ask(&some).await
            {
                // Somebody else may want them too, and finds out for himself.
                self.with(|book| {
                    for user in some {
                        book.asking.remove(&user);
                        book.wanted.insert(user);
                    }
                });
                return Err(error);
            }
        }
        Ok(())
    }

    /// What a user is called.
    #[must_use]
    pub fn name(&self, user: &UserId) -> Option<Clean> {
        let name = self.with(|book| book.known.get(user).cloned().flatten());
        name.map(|name| clean(&name).one_line())
    }

    /// What was learnt since the last look, names as they came.
    #[must_use]
    pub fn fresh(&self) -> Vec<(UserId, Option<String>)> {
        self.with(|book| std::mem::take(&mut book.fresh))
    }

    /// How many calls it took.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.shared.calls.load(Ordering::Relaxed)
    }

    async fn ask(&self, users: &[UserId]) -> Result<(), ApiError> {
        let mut found: BTreeMap<UserId, String> = BTreeMap::new();
        let cards = self
            .persist(|| self.service.cards(&self.group, users))
            .await;
        // A group may have no members to be asked about; nicknames are left then.
        let cards = match cards {
            Err(error) if is_silence(&error) => return Err(error),
            Err(_) => Vec::new(),
            Ok(cards) => cards,
        };
        for member in cards {
            if let Some(card) = member.name_card {
                found.insert(member.user, card);
            }
        }
        let nameless = users.iter().filter(|user| !found.contains_key(*user));
        let mut batches: Vec<Vec<UserId>> = vec![nameless.cloned().collect()];
        while let Some(batch) = batches.pop() {
            if batch.is_empty() {
                continue;
            }
            match self.persist(|| self.service.nicks(&batch)).await {
                Ok(profiles) => found.extend(
                    profiles
                        .into_iter()
                        .filter_map(|profile| Some((profile.user, profile.nick?))),
                ),
                Err(error) if is_silence(&error) => return Err(error),
                // One unknown account may fail a whole call (api-facts 4.6).
                Err(_) if batch.len() > 1 => {
                    let (one, other) = batch.split_at(batch.len() / 2);
                    batches.extend([one.to_vec(), other.to_vec()]);
                }
                Err(_) => {}
            }
        }
        self.with(|book| {
            for user in users {
                let name = found.remove(user);
                book.asking.remove(user);
                book.known.insert(user.clone(), name.clone());
                book.fresh.push((user.clone(), name));
            }
        });
        Ok(())
    }

    async fn persist<T, F>(&self, call: impl Fn() -> F) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        let counted = || {
            self.shared.calls.fetch_add(1, Ordering::Relaxed);
            call()
        };
        persist(counted).await
    }

    fn with<T>(&self, run: impl FnOnce(&mut Book) -> T) -> T {
        run(&mut self
            .shared
            .book
            .lock()
            .unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether nobody answered: a refusal of this very call is an answer.
fn is_silence(error: &ApiError) -> bool {
    error.remedy() != Remedy::Permanent
}

/// Makes a call until it is answered, refused for good or has failed too often.
pub(crate) async fn persist<T, F>(call: impl Fn() -> F) -> Result<T, ApiError>
where
    F: Future<Output = Result<T, ApiError>>,
{
    let mut attempt = 0;
    loop {
        match call().await {
            Ok(answer) => return Ok(answer),
            // One call at a time: nobody comes back together with it.
            Err(error) => match retry_after(attempt, &error, 0.0) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            },
        }
        attempt += 1;
    }
}
