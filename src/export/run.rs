//! An export from its first call to its last byte, or to where it was interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tokio::sync::watch;

use super::book::{Book, Place, Rules};

use super::checkpoint::{self, Checkpoint, Options};
use super::course::Route;
use super::finish::close;
use super::manifest::{Calls, Manifest, Order};
use super::names::Desk;
use super::service::Service;
use super::slot::Leg;
use super::target::Paths;
use super::walk::{Walk, Wish};
use super::words::{Interrupted, Progress, Refusal, shown};
use crate::model::ids::{Seq, UserId};
use crate::model::query::Query;
use crate::model::text::Clean;
use crate::model::time::Zone;
use crate::model::timeline::Stretch;

/// Where the records go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sink {
    /// A file, with what belongs to it.
    File {
        /// All of them.
        paths: Paths,
        /// Whether what is there is replaced.
        force: bool,
    },
    /// Standard output.
    Stdout,
}

/// What became of a finished export.
#[derive(Debug, Clone)]
pub struct Done {
    /// What was asked and what came.
    pub manifest: Manifest,
    /// Of the whole file, in hex.
    pub sha256: String,
    /// Where it is; `None` for standard output.
    pub file: Option<PathBuf>,
}

/// An export that can run.
#[derive(Debug)]
pub struct Export {
    options: Options,
    sink: Sink,
    names: BTreeMap<UserId, Option<String>>,
    /// What is left of the range.
    left: Option<Stretch>,
    book: Book,
}

/// What an unfinished export says of itself, without touching it.
///
/// # Errors
/// There is none, or it cannot be read.
pub fn unfinished(paths: &Paths) -> Result<Checkpoint, Refusal> {
    let missing = |why| Refusal::NoCheckpoint {
        path: shown(&paths.checkpoint),
        why,
    };
    let bytes = fs::metadata(&paths.part).map_or(0, |about| about.len());
    let text = fs::read(&paths.checkpoint).map_err(|error| {
        missing(if error.kind() == io::ErrorKind::NotFound {
            "is not there"
        } else {
            "cannot be read"
        })
    })?;
    checkpoint::read(&text, bytes).ok_or_else(|| missing("is damaged; begin anew with --force"))
}

impl Export {
    /// Begins a new one; nothing is asked of the service yet. `calls` is what finding the
    /// range took.
    ///
    /// # Errors
    /// Something is in the way.
    pub fn begin(
        options: Options,
        calls: u64,
        (query, zone): (Option<Query>, Zone),
        sink: Sink,
    ) -> Result<Self, Refusal> {
        let place = match &sink {
            Sink::Stdout => Place::Stdout,
            Sink::File { paths, force } => {
                free(paths, &options, *force)?;
                let made = paths.create(*force);
                let (part, checkpoint) = made.map_err(|cause| Refusal::of(&paths.part, cause))?;
                Place::File { part, checkpoint }
            }
        };
        let rules = Rules {
            zone,
            query,
            met: Vec::new(),
        };
        let book = Book::begin(place, &options, rules);
        let mut book = book.map_err(|cause| Refusal::of(sink.path(), cause))?;
        book.spent(calls);
        Ok(Self {
            left: options.asked.range(),
            options,
            sink,
            names: BTreeMap::new(),
            book,
        })
    }

    /// Goes on with one that did not finish.
    ///
    /// # Errors
    /// Something is in the way.
    pub fn resume(
        checkpoint: Checkpoint,
        (query, zone): (Option<Query>, Zone),
        paths: Paths,
        force: bool,
    ) -> Result<Self, Refusal> {
        let files = paths
            .reopen()
            .map_err(|cause| Refusal::of(&paths.part, cause))?;
        let Checkpoint {
            options,
            names,
            met,
            reached,
        } = checkpoint;
        let next = reached.next.and_then(Seq::new);
        let left =
            next.zip(options.asked.range())
                .and_then(|(next, range)| match options.asked.order {
                    Order::Ascending => Stretch::new(next, range.last()),
                    Order::Descending => Stretch::new(range.first(), next),
                });
        let rules = Rules { zone, query, met };
        let book = Book::resume(files, &options, rules, reached);
        Ok(Self {
            book: book.map_err(|cause| Refusal::of(&paths.part, cause))?,
            options,
            sink: Sink::File { paths, force },
            names,
            left,
        })
    }

    /// How far it has come already.
    #[must_use]
    pub fn progress(&self) -> Progress {
        progress(&self.book, &self.options)
    }

    /// Runs to the end. What is written at any moment can be gone on with, also if the
    /// future is dropped. `clock` says when it ended.
    ///
    /// # Errors
    /// See [`Interrupted`]; the files are left as they are.
    pub async fn run<S: Service>(
        self,
        service: S,
        (wishes, told): (watch::Receiver<Wish>, &watch::Sender<Progress>),
        clock: &(dyn Fn() -> String + Sync),
    ) -> Result<Done, Interrupted> {
        let Self {
            options,
            sink,
            names,
            left,
            mut book,
        } = self;
        let before = book.reached().calls;
        let conversation = options.asked.conversation();
        if let Some(range) = left {
            let asked = &options.asked;
            let desk = asked
                .names
                .then(|| Desk::new(service.clone(), conversation.group.clone(), names));
            let route = Route {
                range,
                order: asked.order,
                head: Seq::new(asked.head)
                    .unwrap_or(range.last())
                    .max(range.last()),
                rate: options.rate,
            };
            let walk = Walk::new(service, conversation, route);
            let mut walk = walk.naming(desk.clone()).heeding(wishes);
            while let Some(leg) = walk.next().await.map_err(Interrupted::Halted)? {
                let tally = walk.tally();
                let calls = Calls {
                    pages: before.pages + tally.pages,
                    retries: before.retries + tally.retries,
                    names: before.names + desk.as_ref().map_or(0, Desk::calls),
                    finding: before.finding,
                };
                let learnt = desk.as_ref().map(Desk::fresh).unwrap_or_default();
                let names = named(&leg, desk.as_ref());
                // Disks and pipes may be slow: nobody else is to wait for them.
                book = blocking(move || {
                    book.learn(&learnt)?;
                    book.write(&leg, &names, calls)?;
                    Ok(book)
                })
                .await
                .map_err(|cause| unwritten(&sink, cause))?;
                told.send_replace(progress(&book, &options));
            }
        }
        let finished = clock();
        let end = sink.clone();
        let closed = blocking(move || close(&mut book, finished, &end)).await;
        let closed = closed.map_err(|cause| unwritten(&sink, cause))?;
        Ok(Done {
            manifest: closed.manifest,
            sha256: closed.sha256,
            file: match sink {
                Sink::File { paths, .. } => Some(paths.file),
                Sink::Stdout => None,
            },
        })
    }
}

/// Nothing may be there, or only what is to be replaced.
fn free(paths: &Paths, options: &Options, force: bool) -> Result<(), Refusal> {
    let unfinished = fs::symlink_metadata(&paths.checkpoint).is_ok();
    match paths.in_the_way(options.asked.format) {
        Some(path) if !force => Err(Refusal::Taken {
            path: shown(path),
            hint: if unfinished {
                ", --resume goes on with it"
            } else {
                ""
            },
        }),
        Some(_) | None => Ok(()),
    }
}

impl Sink {
    fn path(&self) -> &Path {
        match self {
            Self::File { paths, .. } => &paths.part,
            Self::Stdout => Path::new("standard output"),
        }
    }
}

fn unwritten(sink: &Sink, cause: io::Error) -> Interrupted {
    Interrupted::Unwritten {
        what: shown(sink.path()),
        cause,
    }
}

fn progress(book: &Book, options: &Options) -> Progress {
    let reached = book.reached();
    Progress {
        seqs: reached.counts.sum(),
        of: options.asked.range().map_or(0, |range| range.len().into()),
        records: reached.records,
        bytes: reached.bytes,
        counts: reached.counts,
        calls: reached.calls,
    }
}

/// What the senders of a leg are called.
fn named<S: Service>(leg: &Leg, desk: Option<&Desk<S>>) -> BTreeMap<UserId, Clean> {
    let Some(desk) = desk else {
        return BTreeMap::new();
    };
    let senders = leg
        .entries()
        .filter_map(|entry| entry.message?.sender.as_ref());
    senders
        .filter_map(|user| Some((user.clone(), desk.name(user)?)))
        .collect()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(io::ErrorKind::Interrupted.into()),
        },
    }
}
