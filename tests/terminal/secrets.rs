//! Secrets go to the service in its own query and nowhere else.

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use tim_history::emulator::{Emulator, IDENTIFIER, SDK_APP_ID, SECRET_KEY, World};

use crate::home::{BINARY, Home, serving};
use crate::leaks::found;
use crate::pty::starting;
use crate::signature;

const PASSWORD: &str = "c4nary+pass/word";
const WRONG_KEY: &str = "77c0ffee77c0ffee77c0ffee77c0ffee77c0ffee77c0ffee77c0ffee77c0ffee";

fn assert_clean(place: &str, bytes: &[u8], secrets: &[&str]) {
    assert_eq!(found(bytes, secrets), None, "{place}");
}

/// One way to a secret: what the profile says, and the service's first words.
struct Way {
    name: &'static str,
    home: Home,
    profile: String,
    /// What the screen shows when it is done.
    shows: &'static str,
}

fn profile(url: &str, rest: &str) -> String {
    format!(
        "[profiles.p]\nsdk_app_id = {SDK_APP_ID}\nidentifier = \"{IDENTIFIER}\"\n\
         endpoint = \"{url}\"\n{rest}\n"
    )
}

fn ways(service: &Emulator, sig: &str) -> Vec<Way> {
    let url = service.url();
    let refusing = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let closed = refusing.local_addr().expect("bound");
    let (good, stopped) = ("Happy birthday", "all calls stopped");
    let expired = signature::of(IDENTIFIER, 1_735_689_600);
    let way = |name, secret: &str, rest: &str, shows| {
        let home = Home::new();
        home.write("secret", secret);
        let profile = profile(&url, rest);
        Way {
            name,
            home,
            profile,
            shows,
        }
    };
    let by_env = |name, secret: &str, rest: &str, shows| {
        let mut way = way(name, "unused", rest, shows);
        way.home = Home::new().with("CANARY", secret);
        way
    };
    let key_file = "secret_key_file = \"~/secret\"";
    let key_command = "secret_key_command = [\"cat\", \"secret\"]";
    let mut proxy = way("proxy", SECRET_KEY, "", "check the network");
    // Loopback goes past every proxy, so the endpoint lies elsewhere: in a
    // network that is reserved for documents.
    proxy.profile = profile(
        "https://192.0.2.1",
        &format!("{key_file}\nproxy = \"http://user:{PASSWORD}@{closed}\""),
    );
    let mut proxy_by_env = way("proxy by env", SECRET_KEY, "", "check the network");
    proxy_by_env.profile = profile("https://192.0.2.1", key_file);
    proxy_by_env.home = proxy_by_env
        .home
        .with("HTTPS_PROXY", &format!("http://user:{PASSWORD}@{closed}"));
    vec![
        way("key file", SECRET_KEY, key_file, good),
        way("key command", SECRET_KEY, key_command, good),
        by_env("key env", SECRET_KEY, "secret_key_env = \"CANARY\"", good),
        way("usersig file", sig, "usersig_file = \"~/secret\"", good),
        by_env("usersig env", sig, "usersig_env = \"CANARY\"", good),
        way("wrong key", WRONG_KEY, key_file, stopped),
        by_env(
            "wrong key env",
            WRONG_KEY,
            "secret_key_env = \"CANARY\"",
            stopped,
        ),
        by_env("expired", &expired, "usersig_env = \"CANARY\"", stopped),
        by_env("no usersig", WRONG_KEY, "usersig_env = \"CANARY\"", stopped),
        proxy,
        proxy_by_env,
    ]
}

/// `check` with everything said.
fn check(way: &Way, log: &str) -> Output {
    let one_at_a_time = starting();
    let child = Command::new(BINARY)
        .args(["check", "--log", log])
        .env_clear()
        .envs(way.home.variables())
        .current_dir(way.home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    drop(one_at_a_time);
    child
        .expect("it starts")
        .wait_with_output()
        .expect("it ends")
}

#[test]
fn no_secret_reaches_screen_log_state_or_arguments() {
    let service = serving(World::demo());
    let sig = signature::of(IDENTIFIER, signature::now());
    let expired = signature::of(IDENTIFIER, 1_735_689_600);
    let secrets = [SECRET_KEY, WRONG_KEY, PASSWORD, &sig, &expired];
    for mut way in ways(&service, &sig) {
        way.home = way.home.with("TIM_HISTORY_LOG", "trace");
        way.home.configure(&way.profile);
        let log = way.home.path().join("log");
        let log = log.to_str().expect("a plain path");
        let arguments = ["--group", "@TGS#2SUPPORTA", "--log", log];
        let t = way.home.open(&arguments, (120, 40));
        t.shows(&[way.shows]);
        let argv = std::fs::read(format!("/proc/{}/cmdline", t.pid()));
        assert_clean(way.name, &argv.unwrap_or_default(), &secrets);
        t.keys("<ctrl-c>");
        t.catch_up();
        t.keys("<ctrl-c>qq");
        let left = t.finish();
        assert_eq!(left.end.code, 0, "{}", way.name);
        assert_clean(way.name, &left.raw, &secrets);
        let checked = check(&way, log);
        assert_clean(way.name, &checked.stdout, &secrets);
        assert_clean(way.name, &checked.stderr, &secrets);
        let files = way.home.files();
        assert!(files.iter().any(|(path, _)| path.ends_with("log")));
        for (path, bytes) in files {
            let given = path.ends_with("secret") || path.ends_with("config.toml");
            if !given {
                assert_clean(&path.display().to_string(), &bytes, &secrets);
            }
        }
    }
}
