//! Query and signature: who gets in, and what the others are told.

use flate2::Compression;
use serde_json::{Value, json};
use tim_history::emulator::{Emulator, Group, Knobs, SDK_APP_ID, SECRET_KEY, World};

use super::client::{HISTORY, LIST, NOW, Signer, exchange, pack, post, query, query_with, serving};

const VECTORS: &str = include_str!("../fixtures/emulator/usersig_vectors.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).expect("JSON")
}

fn admitted(emulator: &Emulator, query: &str) -> u64 {
    exchange(emulator, &post(LIST, query, b"{}")).code()
}

/// As if each call had a second to itself.
fn hall() -> Emulator {
    let knobs = Knobs {
        list_rate_limit: 1000,
        ..Knobs::default()
    };
    Emulator::start(World::of(vec![Group::chat("A", 3)]).at(NOW), knobs, 0).expect("a free port")
}

#[test]
fn the_documented_query_is_let_in() {
    assert_eq!(admitted(&hall(), &query()), 0);
}

#[test]
fn each_parameter_is_checked() {
    let emulator = hall();
    let good = query();
    let cases = [
        ("sdkappid=1400000000", "", 60_012),
        ("sdkappid=1400000000", "sdkappid=", 60_012),
        ("sdkappid=1400000000", "SdkAppId=1400000000", 60_012),
        ("sdkappid=1400000000", "sdkappid=abc", 60_006),
        ("sdkappid=1400000000", "sdkappid=0", 60_006),
        ("sdkappid=1400000000", "sdkappid=1400000001", 70_020),
        ("random=99999999", "", 60_002),
        ("random=99999999", "random=4294967296", 60_002),
        ("random=99999999", "random=-1", 60_002),
        ("random=99999999", "random=4294967295", 0),
        ("contenttype=json", "", 60_002),
        ("contenttype=json", "contenttype=JSON", 60_002),
        ("identifier=administrator", "", 60_004),
        ("identifier=administrator", "identifier=bob", 70_013),
        ("identifier=administrator", "identifier=%61dministrator", 0),
        ("identifier=administrator", "identifier=%6", 60_002),
        // Old clients send it, and nothing comes of it.
        ("contenttype=json", "contenttype=json&apn=1", 0),
    ];
    for (part, other, code) in cases {
        let query = good.replace(part, other);
        assert_eq!(admitted(&emulator, &query), code, "{part} as {other}");
    }
}

#[test]
fn every_official_form_of_a_signature_is_accepted() {
    for vector in vectors()["vectors"].as_array().expect("a list") {
        if vector["sdkappid"] != SDK_APP_ID {
            continue;
        }
        let time = vector["time"].as_i64().expect("a time");
        let world = World::of(Vec::new()).at(time);
        let knobs = Knobs {
            list_rate_limit: 2,
            ..Knobs::default()
        };
        let emulator = Emulator::start(world, knobs, 0).expect("a free port");
        let (id, sig) = (&vector["identifier"], &vector["usersig"]);
        let query = query_with(sig.as_str().expect("a signature")).replace(
            "identifier=administrator",
            &format!("identifier={}", id.as_str().expect("an ID")),
        );
        // The sample user is no administrator, which is only said to those
        // whose signature is good.
        let code = if id == "administrator" { 0 } else { 60_010 };
        assert_eq!(admitted(&emulator, &query), code, "{}", vector["name"]);
        let escaped = query.replace('*', "%2A").replace("_&", "%5F&");
        assert_eq!(admitted(&emulator, &escaped), code);
    }
}

#[test]
fn the_key_is_its_text_and_not_what_its_digits_say() {
    let decoded: Vec<u8> = SECRET_KEY
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let pair = std::str::from_utf8(pair).expect("ASCII");
            u8::from_str_radix(pair, 16).expect("hexadecimal digits")
        })
        .collect();
    let signer = Signer {
        key: &decoded,
        ..Signer::default()
    };
    assert_eq!(admitted(&hall(), &query_with(&signer.sign())), 70_009);
}

#[test]
fn compression_and_white_space_do_not_matter() {
    let vectors = vectors();
    let inner = vectors["vectors"][4]["inner_json"].as_str().expect("JSON");
    let world = World::of(Vec::new()).at(1_700_000_000);
    let knobs = Knobs {
        list_rate_limit: 3,
        ..Knobs::default()
    };
    let emulator = Emulator::start(world, knobs, 0).expect("a free port");
    for level in [
        Compression::none(),
        Compression::fast(),
        Compression::best(),
    ] {
        let sig = pack(&format!(" {inner}\n"), level);
        assert_eq!(admitted(&emulator, &query_with(&sig)), 0);
    }
}

#[test]
fn damaged_signatures_are_told_apart() {
    let vectors = vectors();
    let damaged = &vectors["should_be_rejected_or_flagged_by_a_checker"];
    let emulator = serving(Vec::new());
    for (name, sig) in damaged.as_object().expect("an object") {
        let sig = sig.as_str().expect("a text");
        let code = if sig.is_empty() { 70_002 } else { 70_003 };
        assert_eq!(admitted(&emulator, &query_with(sig)), code, "{name}");
    }
    let nonsense = pack("{\"TLS.ver\":\"1.0\"}", Compression::fast());
    assert_eq!(admitted(&emulator, &query_with(&nonsense)), 70_003);
}

#[test]
fn a_good_signature_of_the_wrong_kind_names_what_is_wrong() {
    let emulator = hall();
    let me = Signer::default();
    let cases = [
        (
            Signer {
                key: b"another",
                ..me.clone()
            },
            70_009,
        ),
        (
            Signer {
                identifier: "bob",
                ..me.clone()
            },
            70_013,
        ),
        (
            Signer {
                sdk_app_id: 1_400_000_001,
                ..me.clone()
            },
            70_014,
        ),
        (
            Signer {
                time: NOW - 3601,
                ..me.clone()
            },
            70_001,
        ),
        (
            Signer {
                time: NOW - 3600,
                ..me.clone()
            },
            0,
        ),
        // A caller whose clock is ahead.
        (
            Signer {
                time: NOW + 7200,
                ..me.clone()
            },
            0,
        ),
    ];
    for (signer, code) in cases {
        assert_eq!(admitted(&emulator, &query_with(&signer.sign())), code);
    }
}

#[test]
fn only_an_administrator_may_call() {
    let emulator = serving(Vec::new());
    let bob = Signer {
        identifier: "bob",
        ..Signer::default()
    };
    let query = query_with(&bob.sign()).replace("=administrator", "=bob");
    assert_eq!(admitted(&emulator, &query), 60_010);
}

#[test]
fn too_many_failed_verifications_lock_for_a_minute() {
    let emulator = hall();
    let wrong = Signer {
        key: b"wrong",
        ..Signer::default()
    };
    let wrong = query_with(&wrong.sign());
    for _ in 0..11 {
        assert_eq!(admitted(&emulator, &wrong), 70_009);
    }
    assert_eq!(admitted(&emulator, &wrong), 70_050);
    assert_eq!(
        admitted(&emulator, &query()),
        70_050,
        "a good one does not help"
    );
    emulator.set(Knobs {
        lockout: std::time::Duration::ZERO,
        ..emulator.knobs()
    });
    assert_eq!(admitted(&emulator, &query()), 0);
}

#[test]
fn expired_and_missing_signatures_do_not_lock() {
    let emulator = hall();
    let old = Signer {
        time: NOW - 9999,
        ..Signer::default()
    };
    for _ in 0..12 {
        assert_eq!(admitted(&emulator, &query_with(&old.sign())), 70_001);
        assert_eq!(admitted(&emulator, &query_with("")), 70_002);
    }
    assert_eq!(admitted(&emulator, &query()), 0);
}

#[test]
fn the_clock_can_be_moved_and_signatures_expire() {
    let emulator = hall();
    emulator.set(Knobs {
        time_passed: std::time::Duration::from_secs(3601),
        ..emulator.knobs()
    });
    assert_eq!(admitted(&emulator, &query()), 70_001);
}

#[test]
fn a_history_call_needs_the_same() {
    let emulator = hall();
    let body = json!({"GroupId": "A", "ReqMsgNumber": 1}).to_string();
    let answer = exchange(&emulator, &post(HISTORY, &query_with(""), body.as_bytes()));
    assert_eq!(answer.code(), 70_002);
}
