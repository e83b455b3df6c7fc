//! What the service itself says: its codes, and replies that are not what was promised.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tim_history::emulator::Knobs;
use tim_history::model::codes;

use crate::fault::Fault;
use crate::front::{HISTORY, Seen};
use crate::plays::{comes_otherwise, fails, fails_at_the_start};
use crate::table::run;
use crate::visit::{Visit, words};

/// How a case goes.
enum Case {
    /// This code for each page, then no longer.
    Code(u32),
    /// Pages go wrong in this way, and the reader is told that.
    Page(Fault, &'static [&'static str]),
    /// Everything is refused with this code from the start.
    Start(u32),
    /// Pages come another way, and nobody need know.
    Odd(Fault),
    /// A story of its own.
    Own(fn()),
}

use Case::{Code, Odd, Own, Page, Start};

fn play(case: &Case) {
    match case {
        Code(code) => {
            // Number, meaning and what to do are on the screen.
            let said = said(*code);
            fails(
                &Fault::Code(*code),
                &["group_msg_get_simple", &said, codes::advice(*code)],
            );
        }
        Page(fault, says) => fails(fault, says),
        Start(code) => fails_at_the_start(&Fault::Code(*code), &[&said(*code)]),
        Odd(fault) => comes_otherwise(fault, &[], ""),
        Own(play) => play(),
    }
}

fn said(code: u32) -> String {
    let meaning = codes::meaning(code).expect("a code of the table");
    format!("{code} {meaning}")
}

/// The UserSigs that pages were asked with, each once.
fn signatures(visit: &Visit) -> usize {
    let pages = visit.front.pages();
    let mut sigs: Vec<&str> = pages.iter().map(Seen::usersig).collect();
    sigs.sort_unstable();
    sigs.dedup();
    sigs.len()
}

/// With the key at hand one new UserSig cures it, and nobody need know.
fn expires_while_paging() {
    let visit = Visit::settled();
    let before = visit.front.pages().len();
    assert_eq!(signatures(&visit), 1);
    // Made in the same second, a new one would be the same.
    thread::sleep(Duration::from_millis(1_100));
    visit.front.strike_pages(Fault::Code(70_001), 0, 1);
    visit.is_whole("");
    let pages = visit.front.pages();
    let struck = pages.iter().skip(before).position(|page| page.struck);
    let again = struck
        .and_then(|at| pages.get(before + at + 1))
        .expect("asked again");
    let refused = pages.iter().find(|page| page.struck).expect("struck");
    assert_eq!(again.body, refused.body);
    assert_ne!(again.usersig(), refused.usersig());
    assert!(signatures(&visit) <= 2, "one new UserSig for all");
    visit.leave();
}

/// UserSigs of this machine are old at the service, which says what time it is there.
fn clock_is_apart() {
    let visit = Visit::settled();
    visit.service.set(Knobs {
        time_passed: Duration::from_hours(2),
        ..Knobs::default()
    });
    visit.is_whole("");
    // All that are in the air then, and none of them twice: the next UserSig is right.
    let calls = visit.service.calls();
    let refused = calls.iter().filter(|call| call.outcome == Some(70_001));
    let refused: Vec<_> = refused.map(|call| (&call.command, &call.body)).collect();
    let is_once = |call| refused.iter().filter(|other| **other == call).count() == 1;
    assert!(
        !refused.is_empty() && refused.iter().all(|call| is_once(*call)),
        "{refused:?}"
    );
    visit.holds(&[], "");
}

/// A minute of silence is kept, whatever is pressed; then one key goes on. The minute
/// itself is another test's.
fn locked_out() {
    let visit = Visit::settled();
    visit.front.strike(Fault::Code(70_050), Some(HISTORY));
    visit.t.keys("R");
    visit.stands(&["all calls stopped", &said(70_050), "silent"]);
    let calls = visit.front.seen().len();
    visit.t.keys("r");
    visit.says(&["the service wants a minute of silence"]);
    visit.t.keys("q");
    visit.t.hides("all calls stopped");
    visit.is_alive();
    for keys in ["R", "r", "G", "<pageup>", "gg", "r"] {
        visit.t.keys(keys);
        visit.t.catch_up();
    }
    assert_eq!(
        visit.front.seen().len(),
        calls,
        "{}",
        words(&visit.t.screen())
    );
    visit.leave();
}

/// Two refusals in a row are waited out, a second and two, and then it goes on by itself.
fn in_bursts() {
    let visit = Visit::settled();
    visit.front.strike_pages(Fault::Code(60_007), 0, 2);
    visit.to_the_gap();
    visit.stands(&["60007", "next try in"]);
    visit.is_whole("");
    let struck = visit
        .front
        .pages()
        .iter()
        .filter(|page| page.struck)
        .count();
    assert_eq!(struck, 2);
    visit.leave();
}

/// No list is an empty one: what was asked for is withheld, until somebody asks again.
fn list_is_null() {
    let null = |value: &mut Value| value["RspMsgList"] = Value::Null;
    comes_otherwise(&Fault::Changed(null), &["withheld by the service"], "R");
}

#[test]
fn service() {
    let fail = |value: &mut Value| {
        value["ActionStatus"] = json!("FAIL");
    };
    let no_code = |value: &mut Value| {
        let fields = value.as_object_mut().expect("an object");
        fields.remove("ErrorCode");
    };
    let neither = |value: &mut Value| {
        let fields = value.as_object_mut().expect("an object");
        fields.retain(|name, _| name != "ErrorCode" && name != "RspMsgList");
    };
    let text = |value: &mut Value| value["ErrorCode"] = json!("0");
    let word = |value: &mut Value| value["ErrorCode"] = json!("none");
    let no_list = |value: &mut Value| value["RspMsgList"] = json!({"MsgSeq": 1});
    let other = |value: &mut Value| value["GroupId"] = json!("@TGS#OTHER");
    let cases = [
        ("10002 internal error", Code(10_002)),
        ("10004 invalid parameter", Code(10_004)),
        ("10006 too often", Code(10_006)),
        ("10007 no permission", Code(10_007)),
        ("10010 no such group", Code(10_010)),
        ("10015 invalid group", Code(10_015)),
        ("10026 forbidden", Code(10_026)),
        ("10044 no history", Code(10_044)),
        ("60007 too fast", Code(60_007)),
        ("60010 not an administrator", Code(60_010)),
        ("60020 not paid", Code(60_020)),
        ("70001 for ever", Code(70_001)),
        ("70003 for ever", Code(70_003)),
        ("70009 wrong key", Code(70_009)),
        ("70020 wrong region", Code(70_020)),
        (
            "a code as text",
            Page(Fault::CodeAsText(10_015), &["10015 invalid group ID"]),
        ),
        (
            "an unknown code",
            Page(Fault::Code(79_999), &["79999", "without documentation"]),
        ),
        (
            "an unknown code of the UserSig family",
            Page(Fault::Code(70_031), &["70031", "UserSig"]),
        ),
        ("ErrorCode 0 as text", Odd(Fault::Changed(text))),
        (
            "ErrorCode that is none",
            Page(Fault::Changed(word), &["ErrorCode is not a code"]),
        ),
        ("ErrorCode missing", Odd(Fault::Changed(no_code))),
        (
            "ErrorCode and list missing",
            Page(Fault::Changed(neither), &["neither ErrorCode nor a list"]),
        ),
        (
            "FAIL without a code",
            Page(Fault::Changed(fail), &["ActionStatus FAIL without a code"]),
        ),
        (
            "a refusal that repeats the request",
            Page(Fault::EchoInfo, &["10004 invalid parameter"]),
        ),
        ("a clock two hours apart", Own(clock_is_apart)),
        ("list null", Own(list_is_null)),
        ("10002 from the start", Start(10_002)),
        ("10007 from the start", Start(10_007)),
        ("60007 from the start", Start(60_007)),
        ("70009 from the start", Start(70_009)),
        (
            "list of another kind",
            Page(Fault::Changed(no_list), &["RspMsgList is not a list"]),
        ),
        (
            "a page of another group",
            Page(Fault::Changed(other), &["cannot read the reply"]),
        ),
        ("70001 while paging", Own(expires_while_paging)),
        ("60007 in a burst", Own(in_bursts)),
        ("70050", Own(locked_out)),
        ("10018 asks for less", Odd(Fault::MoreThan(5))),
    ];
    run("service", &cases, play);
}
