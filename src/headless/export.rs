//! `export`: a history into a file, steered by signals and seen on standard error.

use std::io;
use std::path::Path;

use tokio::sync::watch;

use super::progress::Meter;
use super::verify::counted;
use super::{Ends, Out, VerbError, event_loop};
use crate::api::{Access, Client};
use crate::cli::{self, Exit};
use crate::export::{
    self, Asked, Done, Export, Finder, Halt, Interrupted, Options, Order, Paths, Progress, Refusal,
    Sink, Wish,
};
use crate::model::goto;
use crate::model::ids::Conversation;
use crate::model::message::Timestamp;
use crate::model::query::Query;
use crate::model::text::{Clean, clean};
use crate::model::time::{self, Zone};

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
    let now = (reader.clock)();
    let query = arguments.filter.as_deref();
    let query = query
        .map(|text| read_filter(text, &reader.zone, now))
        .transpose()?;
    let rate = arguments.rate.unwrap_or(reader.access.calls_per_second);
    reader.access.calls_per_second = rate;
    let sink = sink(arguments, &conversation);
    let client = Client::new(reader.access.clone());
    event_loop()?.block_on_to_end(async {
        let finder = Finder {
            service: &client,
            conversation: &conversation,
            rate,
            zone: &reader.zone,
            now,
        };
        let ends = export::Ends {
            from: arguments.from.as_deref(),
            to: arguments.to.as_deref(),
        };
        let mut signals = Ends::listen().map_err(VerbError::Start)?;
        let found = tokio::select! {
            found = finder.range(ends) => found?,
            number = signals.next() => return Ok(Exit::Signal(number)),
        };
        for remark in &found.remarks {
            say(&reader, remark.as_str());
        }
        let asked = Asked {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            profile: reader.label.as_str().to_owned(),
            sdk_app_id: reader.access.sdk_app_id.0,
            endpoint: reader.access.endpoint.host().to_owned(),
            group: conversation.group.as_str().to_owned(),
            topic: conversation
                .topic
                .as_ref()
                .map(|topic| topic.as_str().to_owned()),
            from: found.range.first().get(),
            to: found.range.last().get(),
            head: found.head.get(),
            order: if arguments.reverse {
                Order::Descending
            } else {
                Order::Ascending
            },
            filter: arguments.filter.clone(),
            zone: reader.zone.name().to_owned(),
            names: arguments.names,
            mask_ids: arguments.mask_ids,
            format: arguments.format,
            started: stamp(&reader),
        };
        let options = Options {
            asked,
            profile_name: reader.profile.clone(),
            rate,
            now: now.map(Timestamp::seconds),
        };
        let taste = (query, reader.zone.clone());
        let begun = match Export::begin(options, found.calls, taste, sink.clone()) {
            Ok(begun) => begun,
            Err(Refusal::Unusable { cause, .. }) if sink == Sink::Stdout => return gone(cause),
            Err(refusal) => return Err(refusal.into()),
        };
        run(&reader, begun, (client.clone(), &sink), signals).await
    })
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
    (mut checkpoint, paths): (export::Checkpoint, Paths),
) -> Result<Exit, VerbError> {
    let options = &mut checkpoint.options;
    if options.asked.sdk_app_id != reader.access.sdk_app_id.0 {
        return Err(VerbError::OtherApp {
            begun: options.asked.sdk_app_id,
            now: reader.access.sdk_app_id.0,
        });
    }
    options.rate = arguments.rate.unwrap_or(options.rate);
    reader.access.calls_per_second = options.rate;
    let zone = Zone::parse(&options.asked.zone, &Zone::system());
    reader.zone = zone.map_err(|unknown| VerbError::OtherZone {
        zone: clean(&unknown.name).one_line(),
    })?;
    let now = options.now.and_then(Timestamp::new);
    let query = options.asked.filter.as_deref();
    let query = query
        .map(|text| read_filter(text, &reader.zone, now))
        .transpose()?;
    let taste = (query, reader.zone.clone());
    let sink = Sink::File {
        paths: paths.clone(),
        force: arguments.force,
    };
    let resumed = Export::resume(checkpoint, taste, paths, arguments.force)?;
    let client = Client::new(reader.access.clone());
    event_loop()?.block_on_to_end(async {
        let signals = Ends::listen().map_err(VerbError::Start)?;
        run(reader, resumed, (client, &sink), signals).await
    })
}

fn sink(arguments: &cli::Export, conversation: &Conversation) -> Sink {
    if arguments.to_stdout() {
        return Sink::Stdout;
    }
    let name = if arguments.mask_ids {
        export::masked_name(arguments.format)
    } else {
        export::default_name(conversation, arguments.format)
    };
    let file = export::place(arguments.out.as_deref(), &name);
    Sink::File {
        paths: Paths::of(&file),
        force: arguments.force,
    }
}

fn read_filter(text: &str, zone: &Zone, now: Option<Timestamp>) -> Result<Query, VerbError> {
    let read_time = |text: &str| goto::read_time(text, zone, now);
    Query::parse(text, &read_time).map_err(|wrong| VerbError::Filter(clean(&wrong.words)))
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
    let clock = || stamp(reader);
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
    match sink {
        Sink::File { paths, .. } => {
            let file = paths.file.display().to_string().replace('\'', r"'\''");
            clean(&format!(
                "; go on with: tim-history export --resume --out '{file}'"
            ))
        }
        Sink::Stdout => Clean::default(),
    }
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
        &format!("{} records: {}", came.records, counted(&came.counts)),
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

/// What time it is (RFC 3339), in the zone of the export; empty where nobody knows.
fn stamp(reader: &Reader<'_>) -> String {
    let now = (reader.clock)();
    now.and_then(|now| time::rfc3339(now, &reader.zone))
        .unwrap_or_default()
}
