//! What the configuration understands, and what it says of the rest.

use std::fs;

use secrecy::ExposeSecret;

use super::*;
use crate::api::Credential;
use crate::ui::Accent;

const GOOD: &str = r#"
[profiles.prod]
sdk_app_id = 1400000000
identifier = "administrator"
region = "seoul"
secret_key_env = "KEY"
"#;

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(Path::new("/etc/t.toml"), text, &bad_keys).map_err(|error| error.to_string())
}

fn complaint(text: &str) -> String {
    parse(text).expect_err("something is wrong with it")
}

fn vars<'v>(vars: &'v [(&'v str, &'v str)]) -> impl Fn(&str) -> Option<String> + 'v {
    |name| {
        let found = vars.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    }
}

#[test]
fn an_empty_file_is_the_defaults() {
    let config = parse("").expect("nothing is required");
    let default = Config::default();
    assert_eq!(config.memory_mb, default.memory_mb);
    assert_eq!(config.ascii, Ascii::Auto);
    assert!(config.profiles.is_empty() && config.keys.is_empty());
}

#[test]
fn a_profile_is_read_whole() {
    let text = format!(
        "{GOOD}ca_file = \"ca.pem\"\nproxy = \"http://u:hunter2@p:1\"\ncalls_per_second = 200\naccent = \"#ff8000\"\nlabel = \"PROD\"\n"
    );
    let config = parse(&text).expect("it is good");
    let profile = config.choose(None).expect("there is only one");
    assert_eq!(profile.name, "prod");
    assert_eq!(profile.sdk_app_id.0, 1_400_000_000);
    assert_eq!(profile.endpoint.host(), "adminapikr.im.qcloud.com");
    assert_eq!(profile.ca_file.as_deref(), Some(Path::new("/etc/ca.pem")));
    assert_eq!(profile.calls_per_second, 200);
    assert_eq!(profile.accent, Some(Accent::Rgb(255, 128, 0)));
    assert_eq!(profile.shown().as_str(), "PROD");
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn the_secret_is_loaded_for_the_chosen_profile_alone() {
    let config = parse(GOOD).expect("it is good");
    let profile = config.choose(Some("prod")).expect("it is there");
    let access = profile.access(&vars(&[("KEY", "abc")])).expect("set");
    let Credential::Key(key) = access.credential else {
        unreachable!("a key was configured");
    };
    assert_eq!(key.expose_secret(), "abc");
    let missing = profile.access(&|_| None).expect_err("not set").to_string();
    assert_eq!(
        missing,
        "profile `prod`: secret_key_env: the environment variable KEY is not set"
    );
}

#[test]
fn an_unknown_key_names_its_place_and_the_nearest() {
    assert_eq!(
        complaint("\nmose = true\n"),
        "/etc/t.toml:2: key `mose`: expected a known key; did you mean `mouse`?"
    );
    assert_eq!(
        complaint(&GOOD.replace("region", "regoin")),
        "/etc/t.toml:2: key `profiles.prod.region`: missing: expected region or endpoint\n\
         /etc/t.toml:5: key `profiles.prod.regoin`: expected a known key; did you mean `region`?"
    );
}

#[test]
fn everything_wrong_is_said_at_once() {
    let text = r#"
default_profile = "prd"
mouse = "yes"
color = "pink"
memory_mb = 1
[profiles.prod]
sdk_app_id = -1
identifier = ""
region = "soul"
calls_per_second = 201
accent = "greenish"
proxy = "socks5://x"
"#;
    let said = complaint(text);
    for line in [
        "/etc/t.toml:2: key `default_profile`: expected the name of a profile; did you mean `prod`?",
        "/etc/t.toml:3: key `mouse`: expected true or false",
        "/etc/t.toml:4: key `color`: expected one of",
        "/etc/t.toml:5: key `memory_mb`: expected MiB",
        "/etc/t.toml:6: key `profiles.prod.secret_key_file`: missing: expected one of",
        "/etc/t.toml:7: key `profiles.prod.sdk_app_id`: expected the app's number",
        "/etc/t.toml:8: key `profiles.prod.identifier`: expected an app administrator",
        "did you mean `seoul`?",
        "/etc/t.toml:10: key `profiles.prod.calls_per_second`: expected a whole number, 1 to 200",
        "/etc/t.toml:11: key `profiles.prod.accent`: expected #rrggbb",
        "/etc/t.toml:12: key `profiles.prod.proxy`: expected an http",
    ] {
        assert!(said.contains(line), "{line}\n--\n{said}");
    }
    assert_eq!(said.lines().count(), 11, "{said}");
}

#[test]
fn one_place_and_one_secret() {
    let both = format!("{GOOD}endpoint = \"https://x.example\"\n");
    assert!(complaint(&both).contains("either region or endpoint, not both"));
    let two = format!("{GOOD}usersig_env = \"SIG\"\n");
    assert!(complaint(&two).contains(
        "/etc/t.toml:7: key `profiles.prod.usersig_env`: expected only one secret: `secret_key_env`"
    ));
    let shell = GOOD.replace(
        "secret_key_env = \"KEY\"",
        "secret_key_command = \"pass x\"",
    );
    assert!(complaint(&shell).contains("expected a list of texts"));
}

#[test]
fn a_secret_in_the_file_is_never_repeated() {
    const SECRET: &str = "5bd2850fff3ecb11d7c8";
    for key in [
        "secret_key",
        "usersig",
        "secret_key_env",
        "sdk_app_id",
        "region",
        "proxy",
    ] {
        let text = format!("[profiles.p]\n{key} = \"{SECRET}-\"\n");
        assert!(!complaint(&text).contains(SECRET), "{key}");
    }
    let unquoted = format!("[profiles.p]\nsecret_key_env = {SECRET}\n");
    assert!(!complaint(&unquoted).contains(SECRET));
    let said = complaint("[profiles.p]\nsecret_key = \"x\"\n");
    assert!(said.contains("expected no secret in this file"), "{said}");
}

#[test]
fn broken_syntax_names_its_line() {
    let said = complaint("mouse = true\n\ncolor = \"auto\n");
    assert!(said.starts_with("/etc/t.toml:3: "), "{said}");
    let twice = complaint("mouse = true\nmouse = false\n");
    assert!(twice.starts_with("/etc/t.toml:2: "), "{twice}");
}

#[test]
fn keys_mean_the_same_with_and_without_quotes() {
    for text in [
        "[keys]\n\"messages.wrap\" = [\"W\"]\n",
        "[keys]\nmessages.wrap = [\"W\"]\n",
    ] {
        let config = parse(text).expect("it is good");
        let bound = config.keys.get("messages.wrap").expect("it is bound");
        assert_eq!(bound, &["W"]);
    }
}

#[test]
fn all_bad_bindings_are_said_with_their_lines() {
    let text = "[keys]\n\"messages.wrap\" = [\"hyper-x\"]\n\"messages.names\" = 3\n\"messages.raw\" = [\"j\", \"nokey\"]\n";
    let said = complaint(text);
    assert!(
        said.contains("/etc/t.toml:2: key `keys.messages.wrap`: `hyper-x` is not a key"),
        "{said}"
    );
    assert!(
        said.contains("/etc/t.toml:3: key `keys.messages.names`: expected a list of keys"),
        "{said}"
    );
    assert!(
        said.contains("/etc/t.toml:4: key `keys.messages.raw`: `nokey` is not a key"),
        "{said}"
    );
}

#[test]
fn paths_start_at_the_file_or_at_home() {
    let text = GOOD.replace("secret_key_env = \"KEY\"", "secret_key_file = \"k/prod\"");
    let config = parse(&text).expect("it is good");
    let profile = config.choose(None).expect("there is only one");
    let beside = SecretSource::KeyFile(PathBuf::from("/etc/k/prod"));
    assert_eq!(profile.secret, beside);
    assert_eq!(profile::place(Path::new("/etc"), "/abs"), Path::new("/abs"));
    let home = directories::BaseDirs::new().expect("a home");
    let placed = profile::place(Path::new("/etc"), "~/k");
    assert_eq!(placed, home.home_dir().join("k"));
}

#[test]
fn the_profile_is_named_or_default_or_the_only_one() {
    let two = format!("{GOOD}{}", GOOD.replace("prod", "test"));
    let config = parse(&two).expect("it is good");
    let undecided = config.choose(None).expect_err("two").to_string();
    assert!(undecided.contains("prod, test"), "{undecided}");
    let wrong = config
        .choose(Some("tset"))
        .expect_err("no such")
        .to_string();
    assert_eq!(wrong, "no profile `tset`; did you mean `test`?");
    let config = parse(&format!("default_profile = \"test\"\n{two}")).expect("it is good");
    assert_eq!(config.choose(None).expect("the default").name, "test");
    assert_eq!(config.choose(Some("prod")).expect("named").name, "prod");
}

/// Loads with these variables and a file that does not exist unless it is named.
fn from_env(set: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().expect("a scratch directory");
    let file = folder.path().join("empty.toml");
    fs::write(&file, "").expect("ours");
    Config::load(Some(&file), &vars(set), &bad_keys)
}

#[test]
fn the_environment_makes_a_profile() {
    let set = [
        ("TIM_HISTORY_SDK_APP_ID", "1400000000"),
        ("TIM_HISTORY_IDENTIFIER", "admin"),
        ("TIM_HISTORY_ENDPOINT", "http://127.0.0.1:1"),
        ("TIM_HISTORY_USERSIG", "eJw"),
    ];
    let config = from_env(&set).expect("it is good");
    let profile = config.choose(None).expect("it is the only one");
    assert_eq!(profile.name, ENVIRONMENT);
    assert_eq!(profile.calls_per_second, CALLS_PER_SECOND);
    let access = profile.access(&vars(&set)).expect("the UserSig is there");
    assert!(matches!(access.credential, Credential::UserSig(_)));
}

#[test]
fn half_an_environment_says_what_is_missing() {
    let config = from_env(&[("TIM_HISTORY_SDK_APP_ID", "abc")]).expect("not asked for yet");
    for name in [None, Some(ENVIRONMENT)] {
        let said = config.choose(name).expect_err("half").to_string();
        for variable in ["SDK_APP_ID", "IDENTIFIER", "REGION", "SECRET_KEY"] {
            let start = format!("environment: TIM_HISTORY_{variable}: expected");
            assert!(said.contains(&start), "{said}");
        }
    }
}

#[test]
fn with_nothing_set_the_three_ways_are_told() {
    let config = from_env(&[]).expect("an empty file is no error");
    let said = config.choose(None).expect_err("nothing").to_string();
    for word in [
        "--demo",
        "config.example.toml",
        "empty.toml",
        "TIM_HISTORY_USERSIG",
    ] {
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let missing = Path::new("/nonexistent/t.toml");
    let said = Config::load(Some(missing), &|_| None, &bad_keys).expect_err("not there");
    assert!(
        said.to_string().starts_with("/nonexistent/t.toml: "),
        "{said}"
    );
    let by_env = vars(&[("TIM_HISTORY_CONFIG", "/nonexistent/t.toml")]);
    assert!(Config::load(None, &by_env, &bad_keys).is_err());
}

#[test]
fn bytes_that_are_no_text_name_their_line() {
    let folder = tempfile::tempdir().expect("a scratch directory");
    let file = folder.path().join("t.toml");
    fs::write(&file, b"mouse = true\n# \xff\n").expect("ours");
    let said = Config::load(Some(&file), &|_| None, &bad_keys).expect_err("not UTF-8");
    assert!(
        said.to_string().ends_with("t.toml:2: expected UTF-8"),
        "{said}"
    );
}

#[test]
fn the_profile_of_the_embedded_service_can_be_pasted() {
    use crate::emulator::{Emulator, IDENTIFIER, Knobs, SDK_APP_ID, SECRET_KEY, World};

    let emulator = Emulator::start(World::demo(), Knobs::default(), 0).expect("a free port");
    let config = parse(&emulator.profile_toml()).expect("it is complete");
    let profile = config.choose(None).expect("it is the only one");
    assert_eq!(profile.sdk_app_id.0, SDK_APP_ID);
    assert_eq!(profile.identifier, IDENTIFIER);
    let access = profile.access(&|_| None).expect("the sample key is public");
    let Credential::Key(key) = access.credential else {
        unreachable!("the embedded service has a key");
    };
    assert_eq!(key.expose_secret(), SECRET_KEY);
}

#[test]
fn accents_are_names_or_hex() {
    assert_eq!(Accent::parse("red"), Some(Accent::Ansi(1)));
    assert_eq!(Accent::parse("bright-white"), Some(Accent::Ansi(15)));
    for wrong in ["#12345", "#1234567", "#+12345", "Red", "", "#ééé"] {
        assert_eq!(Accent::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    assert!(parse(&format!("x = {}", "[".repeat(100_000))).is_err());
    assert!(parse(&format!("{} = 1", "a.".repeat(5_000) + "a")).is_err());
}

proptest::proptest! {
    /// Whatever stands in the file, there is an answer, and every complaint has a line of the file.
    #[test]
    fn any_text_is_answered(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "[profiles.a]", "[keys]", "[[profiles]]", "region", "mouse", "secret_key", "=", " ",
                "\n", "\"x\"", "1", "true", "[", "]", ".", "{", "}", "'", "\u{1b}", "\u{e9}", "#",
            ]),
            0..40,
        )
    ) {
        let text = parts.concat();
        let parsed = Config::parse(Path::new("t"), &text, &bad_keys);
        if let Err(ConfigError::Problems(problems)) = parsed {
            proptest::prop_assert!(!problems.is_empty());
            let last = text.matches('\n').count() + 1;
            for problem in problems {
                proptest::prop_assert!((1..=last).contains(&problem.line.unwrap_or_default()));
            }
        }
    }
}
