//! What a manifest proves, and what other programs make of our files.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tim_history::export::{self, Format, Paths};

use super::files::{Plan, undisturbed};

/// What is said of a finished file after somebody was at it.
fn after(format: Format, change: impl FnOnce(&mut Vec<u8>)) -> Vec<String> {
    let plan = Plan::of(format);
    let (home, _) = undisturbed(&plan);
    let file = home.path().join("whole");
    let mut bytes = fs::read(&file).expect("it is finished");
    change(&mut bytes);
    fs::write(&file, bytes).expect("ours");
    // Whoever changes a file can make its hash anew.
    fs::remove_file(Paths::of(&file).sha256).expect("ours");
    export::verify(&file).expect("an export").wrong
}

#[test]
fn changes_cuts_and_holes_are_told_apart() {
    let all = [Format::Jsonl, Format::Csv, Format::Markdown, Format::Html];
    for format in all {
        assert!(after(format, |_| {}).is_empty());
        let changed = after(format, |bytes| {
            let at = bytes.len() / 2;
            let digit = bytes.iter().skip(at).position(|b| *b == b'7').expect("one");
            bytes[at + digit] = b'6';
        });
        assert!(
            changed.iter().any(|line| line.starts_with("changed")),
            "{changed:?}"
        );
        let cut = after(format, |bytes| bytes.truncate(bytes.len() / 2));
        assert!(cut.iter().any(|line| line.starts_with("cut")), "{cut:?}");
    }
    let holed = after(Format::Jsonl, |bytes| {
        let text = String::from_utf8(bytes.clone()).expect("our text");
        let lines = text
            .lines()
            .filter(|line| !line.starts_with("{\"seq\":77,"));
        *bytes = lines
            .flat_map(|line| [line, "\n"])
            .collect::<String>()
            .into_bytes();
    });
    assert!(
        holed
            .iter()
            .any(|line| line.ends_with("1 seqs have no record: 77")),
        "{holed:?}"
    );
}

#[test]
fn the_sidecar_tells_too() {
    let (home, _) = undisturbed(&Plan::of(Format::Markdown));
    let file = home.path().join("whole");
    let mut bytes = fs::read(&file).expect("it is finished");
    bytes.push(b'\n');
    fs::write(&file, bytes).expect("ours");
    let wrong = export::verify(&file).expect("an export").wrong;
    assert!(
        wrong.len() == 1 && wrong[0].contains("whole.sha256"),
        "{wrong:?}"
    );
}

/// What a program makes of a file; `None`, said aloud, where it is not installed.
fn told_by(program: &str, arguments: &[&str], file: &Path) -> Option<String> {
    let input = fs::File::open(file).expect("it is finished");
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::from(input))
        .stderr(Stdio::inherit())
        .output();
    let Ok(output) = child else {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "SKIPPED: {program} is not installed");
        return None;
    };
    assert!(output.status.success(), "{program}");
    Some(String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn others_read_what_we_write() {
    let (home, _) = undisturbed(&Plan::of(Format::Csv));
    let script = "import csv,sys\nrows=list(csv.DictReader(open(0,newline='',encoding='utf-8')))\n\
        print(len(rows),rows[0]['seq'],rows[-1]['seq'],len({r['state'] for r in rows}))";
    if let Some(told) = told_by("python3", &["-c", script], &home.path().join("whole")) {
        assert_eq!(told, "1990 11 2000 4\n");
    }
    let (home, _) = undisturbed(&Plan::of(Format::Jsonl));
    let query = "[.[]|select(.seq)]|length, ([.[].seq]|add), (.[0]|keys_unsorted|length)";
    if let Some(told) = told_by("jq", &["-s", query], &home.path().join("whole")) {
        let sum: u32 = (11..=2_000).sum();
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.first().copied(), Some("1990"));
        assert_eq!(lines.get(1).copied(), Some(sum.to_string().as_str()));
    }
}
