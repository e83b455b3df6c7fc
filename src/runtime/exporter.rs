//! The export behind the panes: one at a time, on the reader's own client, and behind
//! every call the reader waits for.

mod courtesy;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinSet};

use self::courtesy::Courteous;
use super::now;
use super::tasks::Lane;
use crate::api::Client;
use crate::app::event::{Event, ExportEnd, ExportJob, ExportNews};
use crate::export::{
    self, Export, Format, Halt, Interrupted, Nowhere, Origin, Paths, Plan, Sink, Wish,
};
use crate::model::text::{Clean, clean};
use crate::model::time::Zone;
use crate::model::timeline::Stretch;

/// How often the screen is told how far it has come.
const TELL: Duration = Duration::from_secs(1);

/// Exports are begun, steered and ended here.
#[derive(Debug)]
pub(super) struct Exporter {
    origin: Origin,
    client: Client,
    lane: Lane,
    home: Option<PathBuf>,
    wish: watch::Sender<Wish>,
    tell: mpsc::UnboundedSender<ExportNews>,
    told: mpsc::UnboundedReceiver<ExportNews>,
    /// One at most. Ends with the last news.
    tasks: JoinSet<ExportNews>,
    /// The file of the one under way, once it is there.
    file: Option<PathBuf>,
}

/// What a task works with.
struct Parts {
    origin: Origin,
    client: Client,
    lane: Lane,
    home: Option<PathBuf>,
    wishes: watch::Receiver<Wish>,
    tell: mpsc::UnboundedSender<ExportNews>,
}

/// An export that is ready to run.
struct Ready {
    export: Export,
    range: Stretch,
    rate: u32,
    zone: Zone,
    paths: Paths,
    remarks: Vec<Clean>,
}

impl Exporter {
    /// Nothing is exported yet.
    pub(super) fn new(
        origin: Origin,
        (client, lane): (Client, Lane),
        home: Option<PathBuf>,
    ) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        Self {
            origin,
            client,
            lane,
            home,
            wish: watch::Sender::new(Wish::Go),
            tell,
            told,
            tasks: JoinSet::new(),
            file: None,
        }
    }

    /// Begins one, or goes on with one. Wants to be called in a runtime.
    pub(super) fn start(&mut self, job: ExportJob) {
        if !self.tasks.is_empty() {
            return;
        }
        self.wish.send_replace(Wish::Go);
        self.file = None;
        let parts = Parts {
            origin: self.origin.clone(),
            client: self.client.clone(),
            lane: self.lane.clone(),
            home: self.home.clone(),
            wishes: self.wish.subscribe(),
            tell: self.tell.clone(),
        };
        self.tasks.spawn(run(parts, job));
    }

    /// Pauses it, lets it go on, or stops it.
    pub(super) fn steer(&self, wish: Wish) {
        self.wish.send_replace(wish);
    }

    /// Waits for what there is to tell; for ever where there is nothing. May be dropped
    /// while it waits.
    pub(super) async fn next(&mut self) -> Event {
        let news = tokio::select! {
            biased;
            Some(news) = self.told.recv() => news,
            Some(ended) = self.tasks.join_next() => ended.unwrap_or_else(resume),
        };
        if let ExportNews::Begun { file, .. } = &news {
            self.file = Some(file.clone());
        }
        Event::Export(news)
    }

    /// Stops it, for so long; says what there is to know once the screen is gone.
    pub(super) async fn finish(&mut self, within: Duration) -> Option<Clean> {
        if self.tasks.is_empty() {
            return None;
        }
        self.wish.send_replace(Wish::Stop);
        let rest = async {
            loop {
                if let Event::Export(ExportNews::Ended(end)) = self.next().await {
                    break end;
                }
            }
        };
        match tokio::time::timeout(within, rest).await {
            Ok(ExportEnd::Done { progress, .. }) => Some(Clean::ours(format!(
                "exported {} records: {}",
                progress.records,
                progress.counts.words()
            ))),
            Ok(ExportEnd::Stopped { command, .. }) => Some(parting(&command)),
            Ok(ExportEnd::Refused(_)) => None,
            // The disk hangs; what is written by then is good all the same.
            Err(_) => Some(parting(&command(self.file.as_deref()?))),
        }
    }
}

/// A task is never aborted, so it has panicked.
fn resume(error: JoinError) -> ExportNews {
    std::panic::resume_unwind(error.into_panic())
}

fn parting(command: &Clean) -> Clean {
    let mut words = Clean::from("the export has stopped; go on with: ");
    words.push(command);
    words
}

/// What goes on with the export of this file, at any prompt.
fn command(file: &Path) -> Clean {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    export::resume_command(&file)
}

/// From the first call to the last byte.
async fn run(mut parts: Parts, job: ExportJob) -> ExportNews {
    let ready = match job {
        ExportJob::Begin { plan, file } => parts.begin(plan, file).await,
        ExportJob::GoOn { file } => parts.go_on(&file).await,
    };
    match ready {
        Ok(ready) => parts.run(ready).await,
        Err(why) => ExportNews::Ended(ExportEnd::Refused(why)),
    }
}

impl Parts {
    /// Finds the range and makes the files, or says why not.
    async fn begin(&mut self, plan: Plan, file: Option<String>) -> Result<Ready, Clean> {
        plan.query().map_err(|unfit| words(&unfit))?;
        let service = self.courteous(plan.rate);
        let found = tokio::select! {
            biased;
            () = stopped(&mut self.wishes) => return Err("stopped".into()),
            found = plan.locate(&service) => found.map_err(|nowhere| unfound(&nowhere))?,
        };
        let format = plan.format;
        let (home, origin) = (self.home.clone(), self.origin.clone());
        let (rate, zone) = (plan.rate, plan.zone.clone());
        let located = found.clone();
        let made = blocking(move || {
            let typed = file.map(|file| expanded(&file, home.as_deref()));
            let file = plan.file(typed.as_deref());
            let paths = Paths::of(&file);
            unlike_before(&paths, format)?;
            let sink = Sink::File {
                paths: paths.clone(),
                force: false,
            };
            let export = plan.begin(&origin, &located, now().wall, sink);
            Ok((export.map_err(|unfit| words(&unfit))?, paths))
        });
        let (export, paths) = made.await?;
        Ok(Ready {
            export,
            range: found.range,
            rate,
            zone,
            paths,
            remarks: found.remarks,
        })
    }

    async fn go_on(&self, file: &Path) -> Result<Ready, Clean> {
        let paths = Paths::of(file);
        let app = self.origin.app;
        blocking(move || {
            let checkpoint = export::unfinished(&paths).map_err(|refusal| words(&refusal))?;
            let rate = checkpoint.options.rate;
            let range = checkpoint.options.asked.range();
            let range = range.ok_or_else(|| Clean::from("its range is empty"))?;
            let resumed = export::go_on(checkpoint, (app, None), (paths.clone(), false));
            let (export, zone) = resumed.map_err(|unfit| words(&unfit))?;
            Ok(Ready {
                export,
                range,
                rate,
                zone,
                paths,
                remarks: Vec::new(),
            })
        })
        .await
    }

    async fn run(self, ready: Ready) -> ExportNews {
        let Ready {
            export,
            range,
            rate,
            zone,
            paths,
            remarks,
        } = ready;
        let before = export.progress();
        self.say(ExportNews::Begun {
            range,
            file: std::path::absolute(&paths.file).unwrap_or_else(|_| paths.file.clone()),
            before,
            remarks,
        });
        let (told, news) = watch::channel(before);
        let clock = move || export::stamp(now().wall, &zone);
        let work = export.run(self.courteous(rate), (self.wishes.clone(), &told), &clock);
        tokio::pin!(work);
        let mut shown = before;
        let ended = loop {
            tokio::select! {
                ended = &mut work => break ended,
                () = tokio::time::sleep(TELL) => {
                    let progress = *news.borrow();
                    if progress != shown {
                        shown = progress;
                        self.say(ExportNews::Going(progress));
                    }
                }
            }
        };
        ExportNews::Ended(match ended {
            Ok(done) => ExportEnd::Done {
                progress: *news.borrow(),
                sha256: done.sha256,
            },
            Err(cause) => {
                self.say(ExportNews::Going(*news.borrow()));
                let stopped = matches!(cause, Interrupted::Halted(Halt::Stopped));
                ExportEnd::Stopped {
                    why: (!stopped).then(|| words(&cause)),
                    command: command(&paths.file),
                }
            }
        })
    }

    fn courteous(&self, rate: u32) -> Courteous {
        Courteous::new(self.client.clone(), self.lane.clone(), rate)
    }

    fn say(&self, news: ExportNews) {
        // Nobody listens any more on the way out.
        let _ = self.tell.send(news);
    }
}

/// There is no `--force` here, so no word about it.
fn unlike_before(paths: &Paths, format: Format) -> Result<(), Clean> {
    let Some(path) = paths.in_the_way(format) else {
        return Ok(());
    };
    let shown = path.display();
    let hint = if std::fs::symlink_metadata(&paths.checkpoint).is_ok() {
        let command = command(&paths.file);
        format!("; {} goes on with it", command.as_str())
    } else {
        String::new()
    };
    Err(clean(&format!(
        "{shown} is there already: choose another file{hint}"
    ))
    .one_line())
}

/// Why there is no range. No flags were typed here, so none are named.
fn unfound(nowhere: &Nowhere) -> Clean {
    match nowhere {
        Nowhere::Unreadable { end, words } => clean(&format!("{end}: {}", words.as_str())),
        Nowhere::Refused(_) | Nowhere::Empty(_) => words(nowhere),
    }
}

fn words(error: &dyn std::fmt::Display) -> Clean {
    clean(&error.to_string()).one_line()
}

/// `~/` as a shell reads it: it was not typed at one.
fn expanded(file: &str, home: Option<&Path>) -> PathBuf {
    match (file.strip_prefix("~/"), home) {
        (Some(below), Some(home)) => home.join(below),
        _ => PathBuf::from(file),
    }
}

/// Ends when somebody wishes to stop.
async fn stopped(wishes: &mut watch::Receiver<Wish>) {
    if wishes.wait_for(|wish| *wish == Wish::Stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Clean> + Send + 'static,
) -> Result<T, Clean> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(words(&io::Error::from(io::ErrorKind::Interrupted))),
        },
    }
}
