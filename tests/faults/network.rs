//! The network and what stands in it.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::access;
use crate::fault::{Cut, Fault};
use crate::front::HISTORY;
use crate::plays::{comes_otherwise, fails, fails_at_the_start, fails_beside};
use crate::table::run;
use crate::visit::Visit;

/// How a case goes.
enum Case {
    /// Pages go wrong while somebody reads, who is told this.
    Page(Fault, &'static [&'static str]),
    /// Pages do not come in time.
    Slow(Fault),
    /// Everything goes wrong from the start.
    Start(Fault, &'static [&'static str]),
    /// This command alone goes wrong, whose name is told.
    Beside(&'static str),
    /// Pages come another way, and nobody need know.
    Odd(Fault),
    /// The way to the service is the matter.
    Way(fn()),
}

use Case::{Beside, Odd, Page, Slow, Start, Way};

fn play(case: &Case) {
    match case {
        Page(fault, says) => fails(fault, says),
        Slow(fault) => hangs(fault),
        Start(fault, says) => fails_at_the_start(fault, says),
        Beside(command) => fails_beside(&Fault::Status("502 Bad Gateway"), command, "HTTP 502"),
        Odd(fault) => comes_otherwise(fault, &[], ""),
        Way(play) => play(),
    }
}

/// All bytes there are, and no text.
fn noise() -> Vec<u8> {
    (0..=u8::MAX).rev().cycle().take(10_000).collect()
}

fn levels() -> Vec<u8> {
    ["[".repeat(100_000), "]".repeat(100_000)]
        .concat()
        .into_bytes()
}

/// A redirect would carry the UserSig away: nobody elsewhere hears of it.
fn redirects() {
    let visit = Visit::settled();
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a free port");
    elsewhere.set_nonblocking(true).expect("ours");
    let url = format!("http://{}", elsewhere.local_addr().expect("bound"));
    visit.front.strike(Fault::Redirect(url), Some(HISTORY));
    visit.to_the_gap();
    visit.holds(
        &["HTTP 302: a redirect, not followed", "check the endpoint"],
        "",
    );
    assert!(elsewhere.accept().is_err(), "somebody came");
}

/// The keys go on while a call hangs, and when it has been given up.
fn hangs(fault: &Fault) {
    let visit = Visit::settled();
    visit.front.strike(fault.clone(), Some(HISTORY));
    visit.to_the_gap();
    visit.says(&["asking"]);
    visit.is_alive();
    visit.holds(LATE, "");
}

/// A call that hangs holds up neither the keys nor the way out.
fn quits_while_it_waits() {
    let visit = Visit::settled();
    visit.front.strike(Fault::Silence, Some(HISTORY));
    visit.to_the_gap();
    visit.says(&["asking"]);
    visit.is_alive();
    let before = Instant::now();
    visit.leave();
    assert!(before.elapsed() < TIME_OUT);
}

/// Of a call.
const TIME_OUT: Duration = Duration::from_secs(15);

const LATE: &[&str] = &[
    "group_msg_get_simple of @TGS#A",
    "no complete answer within 15 s",
];
const RESET: &[&str] = &["no answer from 127.0.0.1", "the connection was reset"];
const BROKEN: &[&str] = &[
    "no answer from 127.0.0.1",
    "broke before the reply was complete",
];
const CUT: &[&str] = &["cannot read the reply", "cut off"];
const LARGE: &[&str] = &["group_msg_get_simple of @TGS#A", "larger than 4 MiB"];

static CASES: &[(&str, Case)] = &[
    ("accepts and never answers", Slow(Fault::Silence)),
    ("one byte a second", Slow(Fault::Drip)),
    (
        "502 with HTML",
        Page(
            Fault::Status("502 Bad Gateway"),
            &["HTTP 502", "out of order"],
        ),
    ),
    (
        "503 with HTML",
        Page(
            Fault::Status("503 Service Unavailable"),
            &["HTTP 503", "out of order"],
        ),
    ),
    (
        "504 with HTML",
        Page(
            Fault::Status("504 Gateway Timeout"),
            &["HTTP 504", "out of order"],
        ),
    ),
    (
        "200 with HTML",
        Page(
            Fault::Status("200 OK"),
            &["not a JSON object", "out of order"],
        ),
    ),
    ("reset before the body", Page(Fault::ResetBefore, RESET)),
    ("reset in the body", Page(Fault::ResetWithin, RESET)),
    ("reset after the body", Odd(Fault::ResetAfter)),
    ("short body", Page(Fault::Short, BROKEN)),
    (
        "page cut after its first byte",
        Page(Fault::Cut(Cut::After(1)), CUT),
    ),
    ("page cut in the middle", Page(Fault::Cut(Cut::Middle), CUT)),
    (
        "page cut before its last byte",
        Page(Fault::Cut(Cut::Before(1)), CUT),
    ),
    (
        "wrong content type",
        Odd(Fault::Header("Content-Type: image/png")),
    ),
    (
        "an encoding that is none",
        Odd(Fault::Header("Content-Encoding: gzip")),
    ),
    (
        "headers without an end",
        Page(
            Fault::Headers,
            &["no answer from 127.0.0.1", "head is too large"],
        ),
    ),
    (
        "bytes without a meaning",
        Page(Fault::Body(noise), &["cannot read the reply"]),
    ),
    (
        "a hundred thousand levels",
        Page(Fault::Body(levels), &["cannot read the reply"]),
    ),
    (
        "502 that repeats the request",
        Page(Fault::Echo("502 Bad Gateway"), &["HTTP 502: <html>POST"]),
    ),
    (
        "200 that repeats the request",
        Page(Fault::Echo("200 OK"), &["cannot read the reply"]),
    ),
    ("redirect", Way(redirects)),
    (
        "502 to get_appid_group_list",
        Beside("get_appid_group_list"),
    ),
    ("502 to get_group_info", Beside("get_group_info")),
    ("502 to portrait_get", Beside("portrait_get")),
    (
        "502 to get_specified_group_member_info",
        Beside("get_specified_group_member_info"),
    ),
    (
        "gzip bomb",
        Page(Fault::GzipBomb, &["cannot read the reply"]),
    ),
    (
        "5 GB announced",
        Page(Fault::Huge { announced: true }, LARGE),
    ),
    (
        "5 GB without an end",
        Page(Fault::Huge { announced: false }, LARGE),
    ),
    (
        "a name that does not resolve",
        Way(access::does_not_resolve),
    ),
    ("silence from the start", Start(Fault::Silence, LATE)),
    (
        "502 from the start",
        Start(
            Fault::Status("502 Bad Gateway"),
            &["HTTP 502", "out of order"],
        ),
    ),
    (
        "200 with HTML from the start",
        Start(
            Fault::Status("200 OK"),
            &["not a JSON object", "out of order"],
        ),
    ),
    ("reset from the start", Start(Fault::ResetBefore, RESET)),
    ("quit while it waits", Way(quits_while_it_waits)),
    ("refused", Way(access::is_refused)),
    (
        "proxy wants a password",
        Way(access::proxy_wants_a_password),
    ),
    (
        "TLS of an unknown authority",
        Way(access::unknown_authority),
    ),
    ("TLS for another host", Way(access::another_host)),
    ("TLS that has expired", Way(access::has_expired)),
    ("TLS that is not valid yet", Way(access::not_valid_yet)),
];

#[test]
fn network() {
    run("network", CASES, play);
}
