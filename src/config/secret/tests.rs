//! Sources of secrets, good and bad.

use std::os::unix::fs::{PermissionsExt, symlink};

use secrecy::ExposeSecret;

use super::*;

const SAMPLE: &str = "5bd2850fff3ecb11d7c805251c51ee46";

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a scratch directory")
}

fn file(folder: &Path, text: &str, mode: u32) -> PathBuf {
    let path = folder.join("key");
    fs::write(&path, text).expect("the scratch directory is ours");
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("so is the file");
    path
}

fn read(path: &Path) -> Result<String, SecretProblem> {
    from_file(path).map(|secret| secret.expose_secret().to_owned())
}

#[test]
fn one_newline_is_taken_off() {
    let folder = scratch();
    for end in ["", "\n", "\r\n"] {
        let path = file(folder.path(), &format!("{SAMPLE}{end}"), 0o600);
        assert_eq!(read(&path).as_deref(), Ok(SAMPLE));
    }
}

#[test]
fn what_cannot_be_a_secret_is_refused_without_showing_it() {
    let folder = scratch();
    let long = "x".repeat(4097);
    for text in ["", "\n", "two words", "a\n\n", "\u{feff}abc", &long] {
        let path = file(folder.path(), text, 0o600);
        let problem = read(&path).expect_err("not a secret");
        assert!(
            matches!(problem, SecretProblem::NotASecret { .. }),
            "{problem}"
        );
        assert!(!problem.to_string().contains("two words"));
    }
}

#[test]
fn modes_and_owners_decide() {
    const ME: u32 = 1000;
    assert_eq!(judge(0o100_600, ME, ME), Ok(()));
    assert_eq!(judge(0o100_400, 0, ME), Ok(()));
    assert_eq!(judge(0o100_640, 0, ME), Ok(()), "root:support");
    assert_eq!(judge(0o100_640, ME, ME), Err(Refusal::Group(0o640)));
    assert_eq!(judge(0o100_644, 0, ME), Err(Refusal::Everybody(0o644)));
    assert_eq!(judge(0o100_602, ME, ME), Err(Refusal::Everybody(0o602)));
    assert_eq!(judge(0o100_600, 1001, ME), Err(Refusal::Foreign(1001)));
    assert_eq!(
        judge(0o100_600, ME, 0),
        Err(Refusal::Foreign(ME)),
        "as root"
    );
}

#[test]
fn a_readable_file_is_refused_with_its_mode() {
    let folder = scratch();
    let path = file(folder.path(), SAMPLE, 0o644);
    let problem = read(&path).expect_err("open to everybody").to_string();
    assert!(problem.contains("mode 0644"), "{problem}");
    assert!(!problem.contains(SAMPLE));
}

#[test]
fn only_regular_files_are_read() {
    let folder = scratch();
    assert!(matches!(
        read(folder.path()),
        Err(SecretProblem::Unsafe {
            refusal: Refusal::NotAFile,
            ..
        })
    ));
    let pipe = folder.path().join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .expect("a pipe without a writer");
    assert!(read(&pipe).is_err(), "and nobody waited for one");
}

#[test]
fn links_are_followed_only_among_our_own_directories() {
    let folder = scratch();
    let path = file(folder.path(), SAMPLE, 0o600);
    let link = folder.path().join("link");
    symlink(&path, &link).expect("the scratch directory is ours");
    assert_eq!(read(&link).as_deref(), Ok(SAMPLE));
    let me = rustix::process::geteuid().as_raw();
    // Seen from somebody else, our directory is the foreign one.
    let stranger = me + 1;
    let verdict = follow(&link, stranger).expect("the link resolves");
    if me == 0 {
        assert!(verdict.is_ok(), "root's directories are trusted");
    } else {
        assert_eq!(verdict, Err(Refusal::Link(me)));
    }
}

#[test]
fn variables_are_read_and_missed_by_name() {
    let env = |name: &str| (name == "KEY").then(|| SAMPLE.to_owned());
    assert!(from_env("KEY", &env).is_ok());
    let missing = from_env("OTHER", &env).expect_err("not set");
    assert_eq!(missing, SecretProblem::NotSet("OTHER".to_owned()));
}

fn run(argv: &[&str], limit: Duration) -> Result<String, SecretProblem> {
    let argv: Vec<String> = argv.iter().map(|arg| (*arg).to_owned()).collect();
    from_command(&argv, limit).map(|secret| secret.expose_secret().to_owned())
}

#[test]
fn a_command_prints_the_secret_and_gets_no_shell() {
    assert_eq!(run(&["echo", SAMPLE], COMMAND_LIMIT).as_deref(), Ok(SAMPLE));
    assert_eq!(
        run(&["printf", "%s", "$HOME"], COMMAND_LIMIT).as_deref(),
        Ok("$HOME")
    );
    assert!(run(&["cat"], COMMAND_LIMIT).is_err(), "stdin is empty");
}

#[test]
fn a_failing_command_shows_its_name_and_status_only() {
    let problem = run(&["sh", "-c", "echo hunter2; exit 7"], COMMAND_LIMIT)
        .expect_err("status 7")
        .to_string();
    assert!(
        problem.contains("`sh`") && problem.contains('7'),
        "{problem}"
    );
    assert!(!problem.contains("hunter2") && !problem.contains("-c"));
    let missing = run(&["no-such-program-here"], COMMAND_LIMIT).expect_err("not there");
    assert!(matches!(missing, SecretProblem::NotRun { .. }));
}

#[test]
fn a_command_that_does_not_end_is_given_up() {
    let slow = run(&["sleep", "600"], Duration::from_millis(50)).expect_err("slow");
    assert_eq!(slow, SecretProblem::Slow("sleep".to_owned()));
    let flood = run(&["yes"], COMMAND_LIMIT).expect_err("endless");
    assert!(!flood.to_string().is_empty());
}
