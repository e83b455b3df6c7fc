//! The check of a profile.

use super::*;

#[tokio::test]
async fn the_services_clock_is_seen() {
    let server = Loopback::start(|_, _| {
        // 1,700,000,600 in Unix seconds: ten minutes after NOW.
        let head = "HTTP/1.1 200 OK\r\nDate: Tue, 14 Nov 2023 22:23:20 GMT\r\n";
        let body = r#"{"ErrorCode":0,"GroupId":"g","IsFinished":1,"RspMsgList":[]}"#;
        let reply = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        Answer::Send(reply.into_bytes())
    });
    let timing = Timing {
        wall: Arc::new(|| NOW),
        ..Timing::default()
    };
    let client = Client::with_timing(access(&server), timing.clone());
    assert_eq!(client.clock_ahead(), None);
    assert!(client.history(&group("g"), &ask(None, 20)).await.is_ok());
    assert_eq!(client.clock_ahead(), Some(600));

    let findings = check::run_with(access(&server), timing).await;
    let clock = findings
        .iter()
        .find(|finding| finding.verdict == Verdict::Wanting)
        .expect("a finding about the clock");
    assert!(clock.what.as_str().contains("10 min behind"), "{clock:?}");
}

#[tokio::test]
async fn check_asks_for_one_group_and_says_what_works() {
    let server = Loopback::start(|_, _| {
        Answer::Send(ok(
            r#"{"ActionStatus":"OK","ErrorCode":0,"TotalCount":58530,"GroupIdList":[{"GroupId":"g"}],"Next":1}"#,
        ))
    });
    let findings = check::run_with(access(&server), timing()).await;
    assert_eq!(server.only().json(), json!({ "Limit": 1, "Next": 0 }));
    assert!(
        findings.iter().all(|f| f.verdict != Verdict::Wanting),
        "{findings:?}"
    );
    let all: Vec<&str> = findings.iter().map(|f| f.what.as_str()).collect();
    let all = all.join("\n");
    for words in [
        "UserSigs",
        "answers",
        "58530",
        "200 calls a second",
        "shared",
        "no proxy",
    ] {
        assert!(all.contains(words), "{words} is not in {all}");
    }
}

#[tokio::test]
async fn check_names_the_setting_and_sends_nothing_unsigned() {
    let server = Loopback::start(|_, _| Answer::Send(refusal(60_021)));
    let findings = check::run_with(access(&server), timing()).await;
    let bad: Vec<_> = findings
        .iter()
        .filter(|f| f.verdict == Verdict::Wanting)
        .collect();
    let [allowlist] = bad.as_slice() else {
        panic!("{bad:?}");
    };
    assert!(allowlist.what.as_str().starts_with("IP allowlist: 60021"));
    assert!(allowlist.advice.is_some());

    let unsigned = Access {
        credential: Credential::UserSig(SecretString::from("cut")),
        ..access(&server)
    };
    let findings = check::run_with(unsigned, timing()).await;
    assert!(findings.iter().any(|f| f.what.as_str().contains("damaged")));
    assert_eq!(server.seen().len(), 1, "only the first check called");
}
