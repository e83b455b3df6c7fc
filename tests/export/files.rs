//! Files: killed at any moment, gone on with, byte for byte the same.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tim_history::export::{
    self, Asked, Export, Format, Interrupted, Manifest, Options, Order, Paths, Progress, Refusal,
    Sink, Wish,
};
use tim_history::model::query::Query;
use tim_history::model::time::Zone;
use tim_history::model::wrong::Wrong;
use tokio::sync::watch;

use super::fake::{Fake, Nature, mix, unreachable_fault};

/// What is exported in these tests.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    format: Format,
    order: Order,
    filter: Option<&'static str>,
    names: bool,
    mask_ids: bool,
    from: u32,
    to: u32,
}

impl Plan {
    pub(crate) fn of(format: Format) -> Self {
        Self {
            format,
            order: Order::Ascending,
            filter: None,
            names: false,
            mask_ids: false,
            from: 11,
            to: 2_000,
        }
    }

    fn nature(&self) -> Nature {
        Nature {
            crowd: self.mask_ids,
            ..nature()
        }
    }

    fn query(&self) -> Option<Query> {
        let no_times = |_: &str| Err(Wrong::new(0..0, "no times here"));
        self.filter
            .map(|text| Query::parse(text, &no_times).expect("a filter"))
    }

    fn options(&self) -> Options {
        Options {
            asked: Asked {
                version: "1".to_owned(),
                profile: "p".to_owned(),
                sdk_app_id: 1,
                endpoint: "host".to_owned(),
                group: "G".to_owned(),
                topic: None,
                from: self.from,
                to: self.to,
                head: 2_500,
                order: self.order,
                filter: self.filter.map(str::to_owned),
                zone: "UTC".to_owned(),
                names: self.names,
                mask_ids: self.mask_ids,
                format: self.format,
                started: "2026-01-01T00:00:00+00:00".to_owned(),
            },
            profile_name: "p".to_owned(),
            rate: 200,
            now: None,
        }
    }

    fn begin(&self, file: &Path) -> Result<Export, Refusal> {
        let sink = Sink::File {
            paths: Paths::of(file),
            force: false,
        };
        Export::begin(self.options(), 2, (self.query(), Zone::utc()), sink)
    }

    fn resume(&self, file: &Path) -> Export {
        let paths = Paths::of(file);
        let checkpoint = export::unfinished(&paths).expect("a checkpoint");
        assert_eq!(checkpoint.options, self.options());
        let taste = (self.query(), Zone::utc());
        Export::resume(checkpoint, taste, paths, false).expect("it can be gone on with")
    }
}

/// Runs an export in virtual time; `None` where it was killed after so long.
fn run(
    export: Export,
    fake: &Fake,
    kill_after: Option<Duration>,
) -> Option<Result<export::Done, Interrupted>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let (wish, wishes) = watch::channel(Wish::Go);
        let (told, _news) = watch::channel(Progress::default());
        let clock = || "2026-01-02T00:00:00+00:00".to_owned();
        let work = export.run(fake.clone(), (wishes, &told), &clock);
        let most = kill_after.unwrap_or(Duration::from_hours(24));
        let ended = tokio::time::timeout(most, work).await;
        drop(wish);
        ended.ok()
    })
}

fn nature() -> Nature {
    Nature {
        holes: 60,
        ..Nature::good(2_500)
    }
}

/// What stands between the head and the foot of a finished file.
fn records(file: &Path, format: Format) -> Vec<u8> {
    let bytes = fs::read(file).expect("it is finished");
    let came = manifest(file, format).result.expect("the last one");
    let at = |n: u64| usize::try_from(n).expect("small");
    let (from, len) = (at(came.records_from), at(came.records_bytes));
    bytes.get(from..from + len).expect("inside").to_vec()
}

fn manifest(file: &Path, format: Format) -> Manifest {
    let text = if format.holds_manifest() {
        let text = fs::read_to_string(file).expect("our text");
        text.lines().last().expect("a manifest").to_owned()
    } else {
        fs::read_to_string(Paths::of(file).manifest).expect("our text")
    };
    Manifest::read(text.trim_end().as_bytes()).expect("a manifest")
}

pub(crate) fn undisturbed(plan: &Plan) -> (TempDir, Vec<u8>) {
    let home = tempfile::tempdir().expect("a scratch directory");
    let file = home.path().join("whole");
    let ended = run(
        plan.begin(&file).expect("nothing there"),
        &Fake::new(plan.nature()),
        None,
    );
    ended.expect("not killed").expect("no fault");
    let bytes = records(&file, plan.format);
    (home, bytes)
}

fn plans() -> Vec<Plan> {
    let jsonl = Plan::of(Format::Jsonl);
    vec![
        jsonl.clone(),
        Plan {
            order: Order::Descending,
            names: true,
            ..jsonl.clone()
        },
        Plan {
            filter: Some("from:user_3 seq:..900 ctx:2"),
            ..jsonl.clone()
        },
        Plan {
            filter: Some("is:gone,withheld ctx:30"),
            order: Order::Descending,
            ..jsonl.clone()
        },
        Plan {
            mask_ids: true,
            names: true,
            filter: Some("seq:100..1500 type:text seq:..1400 is:recalled,present ctx:25"),
            order: Order::Descending,
            ..jsonl.clone()
        },
        Plan {
            mask_ids: true,
            filter: Some("is:gone ctx:25"),
            ..jsonl
        },
        Plan {
            mask_ids: true,
            ..Plan::of(Format::Csv)
        },
        Plan::of(Format::Csv),
        Plan::of(Format::Markdown),
        Plan {
            names: true,
            ..Plan::of(Format::Html)
        },
    ]
}

#[test]
fn killed_at_any_moment_and_resumed_it_is_byte_for_byte_the_same() {
    let plans = plans();
    let wholes: Vec<_> = plans.iter().map(undisturbed).collect();
    for round in 0..50 {
        let plan = &plans[round % plans.len()];
        let (_, whole) = &wholes[round % plans.len()];
        let home = tempfile::tempdir().expect("a scratch directory");
        let file = home.path().join("part");
        let mut export = plan.begin(&file).expect("nothing there");
        let mut kills = 0;
        loop {
            let fake = Fake::new(plan.nature());
            // Half a second is what the whole takes.
            let chance = mix(u64::try_from(round).expect("small"), kills) % 500;
            let kill = (kills < 3).then(|| Duration::from_millis(chance));
            let before = export.progress();
            let left = (before.of - before.seqs).div_ceil(20);
            let ended = run(export, &fake, kill);
            // Where neighbours are kept, up to 30 seqs that came by are looked at again.
            let asked = u64::try_from(fake.left().len()).expect("small");
            let again = u64::from(plan.filter.is_some()) * 3;
            assert!(asked <= left + again, "{asked} calls for {left} pages");
            if let Some(ended) = ended {
                ended.expect("no fault");
                break;
            }
            kills += 1;
            export = plan.resume(&file);
        }
        assert!(
            records(&file, plan.format) == *whole,
            "round {round}: {plan:?}"
        );
        let came = manifest(&file, plan.format).result.expect("the last one");
        assert_eq!(u64::from(came.resumed), kills);
        assert_eq!(came.counts.sum(), 1_990, "round {round}: {plan:?}");
        let verdict = export::verify(&file).expect("an export");
        assert!(verdict.wrong.is_empty(), "{:?}", verdict.wrong);
        let paths = Paths::of(&file);
        assert!(!paths.part.exists() && !paths.checkpoint.exists());
    }
}

#[test]
fn for_outsiders_everybody_has_one_pseudonym_and_nothing_names_them() {
    for format in [Format::Jsonl, Format::Csv, Format::Markdown, Format::Html] {
        let plan = Plan {
            mask_ids: true,
            ..Plan::of(format)
        };
        let (home, records) = undisturbed(&plan);
        let file = home.path().join("whole");
        assert!(export::verify(&file).expect("an export").wrong.is_empty());
        assert!(manifest(&file, format).asked.mask_ids);
        let records = String::from_utf8(records).expect("our text");
        let records = records.replace("\\_", "_");
        for line in records.lines() {
            let Some((_, said)) = line.split_once(" said to ") else {
                continue;
            };
            // Who speaks stands in the text, too; who will speak later is not known yet.
            let by = said.split(':').next().expect("somebody");
            assert!(
                by.starts_with("User ") && line.matches(by).count() >= 2,
                "{line}"
            );
            let never_spoke = usize::from(line.contains("user_0 "));
            assert_eq!(line.matches("user_").count(), 1 + never_spoke, "{line}");
        }
        assert!(!records.contains("MsgSeq"), "{format:?}");
        let people = |n: u32| records.contains(&format!("User {n} said to User {}", n + 1));
        assert!((1..66).all(people), "{format:?}");
    }
}

#[test]
fn what_was_written_behind_the_last_checkpoint_is_dropped() {
    let plan = Plan::of(Format::Jsonl);
    let (_, whole) = undisturbed(&plan);
    let home = tempfile::tempdir().expect("a scratch directory");
    let file = home.path().join("part");
    let begun = plan.begin(&file).expect("nothing there");
    assert!(
        run(
            begun,
            &Fake::new(nature()),
            Some(Duration::from_millis(250))
        )
        .is_none()
    );
    let paths = Paths::of(&file);
    // As a full disk and a crash leave them.
    let mut part = fs::read(&paths.part).expect("it is there");
    part.extend_from_slice(b"{\"seq\":1234,\"time\":");
    fs::write(&paths.part, part).expect("ours");
    let mut checkpoint = fs::read(&paths.checkpoint).expect("it is there");
    checkpoint.truncate(checkpoint.len() - 7);
    fs::write(&paths.checkpoint, checkpoint).expect("ours");
    for _ in 0..2 {
        let killed = run(
            plan.resume(&file),
            &Fake::new(nature()),
            Some(Duration::from_millis(90)),
        );
        assert!(killed.is_none());
    }
    let ended = run(plan.resume(&file), &Fake::new(nature()), None).expect("not killed");
    ended.expect("no fault");
    assert!(records(&file, plan.format) == whole);
}

#[test]
fn a_dead_network_leaves_what_can_be_gone_on_with() {
    let plan = Plan::of(Format::Csv);
    let (_, whole) = undisturbed(&plan);
    let home = tempfile::tempdir().expect("a scratch directory");
    let file = home.path().join("part");
    let dying = Nature {
        dead_from: Some((40, unreachable_fault())),
        ..nature()
    };
    let ended = run(
        plan.begin(&file).expect("nothing there"),
        &Fake::new(dying),
        None,
    );
    let error = ended.expect("not killed").expect_err("the network died");
    assert!(matches!(
        error,
        Interrupted::Halted(export::Halt::Refused(_))
    ));
    assert!(!file.exists());
    let ended = run(plan.resume(&file), &Fake::new(nature()), None);
    ended.expect("not killed").expect("no fault");
    assert!(records(&file, plan.format) == whole);
}

#[test]
fn nothing_is_overwritten_or_followed_and_nobody_else_can_read() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let plan = Plan::of(Format::Html);
    let home = tempfile::tempdir().expect("a scratch directory");
    for taken in ["x", "x.part", "x.checkpoint", "x.sha256", "x.manifest.json"] {
        let path = home.path().join(taken);
        symlink("/nonexistent", &path).expect("a link");
        let refused = plan.begin(&home.path().join("x"));
        assert!(matches!(refused, Err(Refusal::Taken { .. })), "{taken}");
        fs::remove_file(path).expect("ours");
    }
    let file = home.path().join("x");
    let begun = plan.begin(&file).expect("nothing there");
    let second = export::unfinished(&Paths::of(&file)).expect("a checkpoint");
    let taste = (None, Zone::utc());
    let busy = Export::resume(second, taste, Paths::of(&file), false);
    assert!(matches!(busy, Err(Refusal::Busy(_))));
    let ended = run(begun, &Fake::new(nature()), None);
    ended.expect("not killed").expect("no fault");
    let paths = Paths::of(&file);
    for path in [&paths.file, &paths.sha256, &paths.manifest] {
        let mode = fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    assert!(matches!(plan.begin(&file), Err(Refusal::Taken { .. })));
}
