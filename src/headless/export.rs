//! `export`: a history into a file, steered by signals and seen on standard error.

use std::io;
use std::path::Path;

use tokio::sync::watch;

use super::progress::Meter;
use super::{Ends, Out, VerbError, event_loop};
use crate::api::{Access, Client};
use crate::cli::{self, Exit};
use crate::export::{
    self, Done, Export, Halt, Interrupted, Order, Origin, Paths, Plan, Progress, Refusal, Sink,
    Unfit, Wish,
};
use crate::model::message::Timestamp;
use crate::model::text::Clean;
use crate::model::time::Zone;

/// Who reads, and how.
#[expect(missing_debug_implementations, reason = "holds a clock")]
pub struct Reader<'a> {
    /// The name of the profile.
    pub profile: String,
    /// What it is called.
    pub label: Clean,
    /// How to reach the app.
    pub access: Access,
    /// Of all times.
    pub zone: Zone,
    /// No hints, no progress.
    pub quiet: bool,
    /// What time it is.
    pub clock: &'a (dyn Fn() -> Option<Timestamp> + Sync),
}

/// Begins an export and runs it. Exit 1 where something in it failed.
///
/// # Errors
/// It cannot begin, or did not come to its end.
pub fn export(mut reader: Reader<'_>, arguments: &cli::Export) -> Result<Exit, VerbError> {
    let Some(conversation) = arguments.conversation() else {
        return Ok(Exit::Usage);
    };
    // It may be gone on with where the machine's own zone is another.
    reader.zone = reader.zone.lasting();
    let rate = arguments.rate.unwrap_or(reader.access.calls_per_second);
    reader.access.calls_per_second = rate;
    let plan = Plan {
        conversation,
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        filter: arguments.filter.clone(),
        format: arguments.format,
        order: if arguments.reverse {
            Order::Descending
        } else {
            Order::Ascending
        },
        names: arguments.names,
        mask_ids: arguments.mask_ids,
        rate,
        zone: reader.zone.clone(),
        now: (reader.clock)(),
    };
    plan.query()?;
    let sink = sink(arguments, &plan);
    let client = Client::new(reader.access.clone());
    event_loop()?.block_on_to_end(async {
        let mut signals = Ends::listen().map_err(VerbError::Start)?;
        let found = tokio::select! {
            found = plan.locate(&client) => found?,
            number = signals.next() => return Ok(Exit::Signal(number)),
        };
        for remark in &found.remarks {
            say(&reader, remark.as_str());
        }
        let begun = match plan.begin(&origin(&reader), &found, (reader.clock)(), sink.clone()) {
            Ok(begun) => begun,
            Err(Unfit::Refused(Refusal::Unusable { cause, .. })) if sink == Sink::Stdout => {
                return gone(cause);
            }
            Err(unfit) => return Err(unfit.into()),
        };
        run(&reader, begun, (client.clone(), &sink), signals).await
    })
}

fn origin(reader: &Reader<'_>) -> Origin {
    Origin {
        profile: reader.profile.clone(),
        label: reader.label.clone(),
        app: reader.access.sdk_app_id,
        host: reader.access.endpoint.host().to_owned(),
    }
}

/// Goes on with an export that did not finish; `reader` makes one for a profile.
///
/// # Errors
/// There is none, or what [`export`] may end with.
pub fn resume<'a, E: From<VerbError>>(
    arguments: &cli::Export,
    reader: &dyn Fn(&str) -> Result<Reader<'a>, E>,
) -> Result<Exit, E> {
    let out = arguments.out.as_deref().unwrap_or(Path::new("-"));
    let paths = Paths::of(out);
    let checkpoint = export::unfinished(&paths).map_err(VerbError::from)?;
    let mut reader = reader(&checkpoint.options.profile_name)?;
    Ok(go_on(&mut reader, arguments, (checkpoint, paths))?)
}

fn go_on(
    reader: &mut Reader<'_>,
    arguments: &cli::Export,
    (checkpoint, paths): (export::Checkpoint, Paths),
) -> Result<Exit, VerbError> {
    reader.access.calls_per_second = arguments.rate.unwrap_or(checkpoint.options.rate);
    let sink = Sink::File {
        paths: paths.clone(),
        force: arguments.force,
    };
    let app = reader.access.sdk_app_id;
    let files = (paths, arguments.force);
    let (resumed, zone) = export::go_on(checkpoint, (app, arguments.rate), files)?;
    reader.zone = zone;
    let client = Client::new(reader.access.clone());
    event_loop()?.block_on_to_end(async {
        let signals = Ends::listen().map_err(VerbError::Start)?;
        run(reader, resumed, (client, &sink), signals).await
    })
}

fn sink(arguments: &cli::Export, plan: &Plan) -> Sink {
    if arguments.to_stdout() {
        return Sink::Stdout;
    }
    let file = plan.file(arguments.out.as_deref());
    Sink::File {
        paths: Paths::of(&file),
        force: arguments.force,
    }
}

/// Runs to the end or to a signal; a second signal does not wait.
async fn run(
    reader: &Reader<'_>,
    export: Export,
    (client, sink): (Client, &Sink),
    mut signals: Ends,
) -> Result<Exit, VerbError> {
    let (wish, wishes) = watch::channel(Wish::Go);
    let (told, news) = watch::channel(export.progress());
    let mut meter = Meter::new(reader.quiet, export.progress());
    let clock = || export::stamp((reader.clock)(), &reader.zone);
    let begun = tokio::time::Instant::now();
    let work = export.run(client, (wishes, &told), &clock);
    tokio::pin!(work);
    let mut signal = None;
    let ended = loop {
        tokio::select! {
            ended = &mut work => break ended,
            number = signals.next() => {
                if signal.is_some() {
                    break Err(Interrupted::Halted(Halt::Stopped));
                }
                signal = Some(number);
                wish.send_replace(Wish::Stop);
            }
            () = tokio::time::sleep(meter.every()) => {
                let now: Progress = *news.borrow();
                meter.show(&now, begun.elapsed());
            }
        }
    };
    meter.end();
    match ended {
        Ok(done) => Ok(tell(reader, &done)),
        Err(Interrupted::Unwritten { cause, .. }) if *sink == Sink::Stdout => gone(cause),
        Err(cause) => {
            let hint = hint(sink);
            if let Some(number) = signal {
                say(reader, &format!("stopped{}", hint.as_str()));
                return Ok(Exit::Signal(number));
            }
            Err(VerbError::Interrupted { cause, hint })
        }
    }
}

/// A reader that leaves, as behind `| head`, is no error; a full disk is.
fn gone(cause: io::Error) -> Result<Exit, VerbError> {
    if cause.kind() == io::ErrorKind::BrokenPipe {
        Ok(Exit::Good)
    } else {
        Err(VerbError::Output(cause))
    }
}

/// How to go on.
fn hint(sink: &Sink) -> Clean {
    let mut words = Clean::default();
    if let Sink::File { paths, .. } = sink {
        words.push_ours("; go on with: ");
        words.push(&export::resume_command(&paths.file));
    }
    words
}

/// What there is to say at the end: manifest and hash, unless quiet.
fn tell(reader: &Reader<'_>, done: &Done) -> Exit {
    let Some(came) = &done.manifest.result else {
        return Exit::Incomplete;
    };
    say(reader, &done.manifest.to_json());
    let file = done.file.as_deref().unwrap_or(Path::new("-"));
    say(reader, &format!("{}  {}", done.sha256, file.display()));
    say(
        reader,
        &format!("{} records: {}", came.records, came.counts.words()),
    );
    if came.counts.failed > 0 {
        Exit::Wanting
    } else {
        Exit::Good
    }
}

fn say(reader: &Reader<'_>, line: &str) {
    if !reader.quiet {
        // A closed stderr takes no hints.
        let _ = Out::new(io::stderr()).line(line);
    }
}
