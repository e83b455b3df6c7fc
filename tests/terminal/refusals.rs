//! What cannot work says why, what to do, and then leaves the service alone.

use std::net::TcpListener;

use tim_history::emulator::{Emulator, IDENTIFIER, SDK_APP_ID, SECRET_KEY, World};

use crate::home::{Home, serving};
use crate::pty::Pty;
use crate::signature;

/// What is under way when the first answer comes: list, newest page, names.
const FEW: usize = 4;

/// A passing fault is tried three more times.
const TRIES: usize = 4;

fn service() -> Emulator {
    serving(World::demo())
}

/// A profile with one of the ways to a secret.
fn profile(service: &Emulator, app: u32, secret: &str) -> String {
    let url = service.url();
    format!(
        "[profiles.p]\nsdk_app_id = {app}\nidentifier = \"{IDENTIFIER}\"\n\
         endpoint = \"{url}\"\n{secret}\n"
    )
}

/// What the screen says, without frames and line breaks.
fn words(t: &Pty) -> String {
    let shown = t.painted().contents();
    let frames = |c: char| c.is_whitespace() || "│╭╮╰╯─┬┴▌!⋅".contains(c);
    let words: Vec<&str> = shown.split(frames).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

/// All keys that look around, none that asks for another try.
fn look_around(t: &Pty) {
    for keys in [
        "jkjk",
        "<tab><tab>",
        "iwx",
        "GkG",
        "<pageup><pagedown>",
        "++",
        "z",
    ] {
        t.keys(keys);
        t.catch_up();
    }
}

/// The advice stands on the screen, no key leads to a call, and `q` ends it all.
fn is_told_and_left_alone(t: Pty, service: &Emulator, advice: &[&str]) {
    t.shows(&["all calls stopped"]);
    let said = words(&t);
    for advice in advice {
        assert!(said.contains(advice), "no {advice:?} in: {said}");
    }
    // The first closes the box, so that one can look around.
    t.keys("q");
    t.hides("all calls stopped");
    t.catch_up();
    let calls = service.calls().len();
    assert!(calls <= FEW, "{calls} calls");
    look_around(&t);
    assert_eq!(service.calls().len(), calls, "{:?}", service.calls());
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
}

#[test]
fn a_wrong_key_is_told_and_stops_all_calls() {
    for arguments in [&[][..], &["--group", "@TGS#2SUPPORTA"]] {
        let (service, home) = (service(), Home::new());
        home.write("app.key", &"0123456789abcdef".repeat(4));
        let key = format!("secret_key_file = \"{}/app.key\"", home.path().display());
        home.configure(&profile(&service, SDK_APP_ID, &key));
        let t = home.open(arguments, (120, 40));
        let advice = "the secret key does not belong to sdk_app_id";
        is_told_and_left_alone(t, &service, &["70009", advice]);
    }
}

#[test]
fn an_app_that_the_region_does_not_know_is_told_and_stops_all_calls() {
    let (service, home) = (service(), Home::new().with("APP_KEY", SECRET_KEY));
    home.configure(&profile(
        &service,
        SDK_APP_ID + 1,
        "secret_key_env = \"APP_KEY\"",
    ));
    let t = home.open(&["--group", "@TGS#2SUPPORTA"], (120, 40));
    let advice = "check sdk_app_id and region: a wrong region gives this code too";
    is_told_and_left_alone(t, &service, &["70020", advice]);
}

#[test]
fn an_expired_usersig_is_told_before_any_call() {
    let (service, home) = (service(), Home::new());
    // Signed at the turn of 2025, for an hour.
    home.write("app.usersig", &signature::of(IDENTIFIER, 1_735_689_600));
    let sig = format!("usersig_file = \"{}/app.usersig\"", home.path().display());
    home.configure(&profile(&service, SDK_APP_ID, &sig));
    let t = home.open(&[], (120, 40));
    is_told_and_left_alone(t, &service, &["the UserSig expired"]);
    assert_eq!(service.calls().len(), 0);
}

#[test]
fn a_usersig_of_somebody_else_is_told_before_any_call() {
    let (service, home) = (service(), Home::new());
    let sig = signature::of("someone_else", signature::now());
    let home = home.with("APP_SIG", &sig);
    home.configure(&profile(&service, SDK_APP_ID, "usersig_env = \"APP_SIG\""));
    let t = home.open(&["--group", "@TGS#2SUPPORTA"], (120, 40));
    is_told_and_left_alone(t, &service, &["someone_else"]);
    assert_eq!(service.calls().len(), 0);
}

#[test]
fn an_endpoint_that_refuses_is_told_and_the_way_out_is_open() {
    let refusing = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = refusing.local_addr().expect("bound");
    drop(refusing);
    let home = Home::new().with("APP_KEY", SECRET_KEY);
    home.configure(&format!(
        "[profiles.p]\nsdk_app_id = {SDK_APP_ID}\nidentifier = \"{IDENTIFIER}\"\n\
         endpoint = \"http://{address}\"\nsecret_key_env = \"APP_KEY\"\n"
    ));
    let t = home.open(&["--group", "@TGS#2SUPPORTA"], (120, 40));
    t.shows(&["connection refused", "check the network", "r retries"]);
    look_around(&t);
    let said = words(&t);
    let calls = said
        .split(" calls")
        .next()
        .and_then(|s| s.rsplit(' ').next());
    let calls: usize = calls.and_then(|n| n.parse().ok()).expect("a count");
    assert!(calls <= FEW * TRIES, "{said}");
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
}
