//! An export from its first call to its last byte, or to where it was interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tokio::sync::watch;

use super::book::{Book, Closed, Place, Rules};
use super::checkpoint::{self, Checkpoint, Options};
use super::course::Route;
use super::manifest::{Calls, Counts, Manifest, Order};
use super::names::Desk;
use super::service::Service;
use super::slot::Leg;
use super::target::Paths;
use super::walk::{Halt, Walk, Wish};
use crate::model::ids::{Seq, UserId};
use crate::model::query::Query;
use crate::model::text::{Clean, clean};
use crate::model::time::Zone;
use crate::model::timeline::Stretch;

/// How far an export has come: plain numbers, for whoever shows them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Seqs that are written or left out by the filter.
    pub seqs: u64,
    /// Seqs of the range.
    pub of: u64,
    /// Records written.
    pub records: u64,
    /// Bytes written.
    pub bytes: u64,
    /// How many seqs are in which state.
    pub counts: Counts,
    /// Calls so far.
    pub calls: Calls,
}

/// Why an export did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Interrupted {
    /// Somebody stopped it, or the service does not answer.
    #[error("{0}")]
    Halted(Halt),
    /// What came cannot be written.
    #[error("{}: {cause}", what.as_str())]
    Unwritten {
        /// Which file, or standard output.
        what: Clean,
        /// The system's word.
        cause: io::Error,
    },
}

/// What is in the way of an export.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A file that is not to be overwritten.
    #[error("{} is there already; --force replaces it{}", path.as_str(), hint)]
    Taken {
        /// Which.
        path: Clean,
        /// What else could be done.
        hint: &'static str,
    },
    /// There is nothing to go on with.
    #[error("nothing to resume: {} {why}", path.as_str())]
    NoCheckpoint {
        /// Where it should be.
        path: Clean,
        /// What is the matter with it.
        why: &'static str,
    },
    /// Another process is at it.
    #[error("another process is writing {}", .0.as_str())]
    Busy(Clean),
    /// The files cannot be made or opened.
    #[error("{}: {cause}", path.as_str())]
    Unusable {
        /// Which.
        path: Clean,
        /// The system's word.
        cause: io::Error,
    },
}

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

fn shown(path: &Path) -> Clean {
    clean(&path.display().to_string()).one_line()
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
                let (part, checkpoint) = made.map_err(|cause| unusable(&paths.part, cause))?;
                Place::File { part, checkpoint }
            }
        };
        let book = Book::begin(place, &options, Rules { zone, query });
        let mut book = book.map_err(|cause| unusable(sink.path(), cause))?;
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
            .map_err(|cause| unusable(&paths.part, cause))?;
        let Checkpoint {
            options,
            names,
            reached,
        } = checkpoint;
        let next = reached.next.and_then(Seq::new);
        let left =
            next.zip(options.asked.range())
                .and_then(|(next, range)| match options.asked.order {
                    Order::Ascending => Stretch::new(next, range.last()),
                    Order::Descending => Stretch::new(range.first(), next),
                });
        let book = Book::resume(files, &options, Rules { zone, query }, reached);
        Ok(Self {
            book: book.map_err(|cause| unusable(&paths.part, cause))?,
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

fn unusable(path: &Path, cause: io::Error) -> Refusal {
    if cause.kind() == io::ErrorKind::ResourceBusy {
        return Refusal::Busy(shown(path));
    }
    Refusal::Unusable {
        path: shown(path),
        cause,
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

/// The foot, what stands beside the file, and at last its name.
fn close(book: &mut Book, finished: String, sink: &Sink) -> io::Result<Closed> {
    let closed = book.close(finished)?;
    let (Sink::File { paths, force }, Some(part)) = (sink, book.part()) else {
        return Ok(closed);
    };
    if !force && fs::symlink_metadata(&paths.file).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    if !closed.manifest.asked.format.holds_manifest() {
        let mut json = closed.manifest.to_json();
        json.push('\n');
        Paths::beside(&paths.manifest, json.as_bytes())?;
    }
    let line = sidecar(&closed.sha256, &paths.file);
    Paths::beside(&paths.sha256, line.as_bytes())?;
    paths.finish(part, *force)?;
    Ok(closed)
}

/// A line as `sha256sum` writes and `sha256sum -c` reads it.
fn sidecar(sha256: &str, file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let escaped = name
        .replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "\\r");
    let mark = if escaped == name { "" } else { "\\" };
    format!("{mark}{sha256}  {escaped}\n")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_are_written_as_sha256sum_does() {
        assert_eq!(sidecar("00", Path::new("a/b c.jsonl")), "00  b c.jsonl\n");
        assert_eq!(sidecar("00", Path::new("a\\b\n")), "\\00  a\\\\b\\n\n");
    }
}
