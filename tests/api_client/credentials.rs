//! When the service does not let us in: one new UserSig, then silence.

use super::*;

#[tokio::test]
async fn nothing_that_is_printed_holds_a_secret() {
    let server = Loopback::start(|_, seen| {
        let usersig = seen.query("usersig").expect("a UserSig").to_owned();
        Answer::Send(ok(&format!(
            r#"{{"ActionStatus":"FAIL","ErrorCode":70003,"ErrorInfo":"bad {usersig}"}}"#
        )))
    });
    let with_key = Access {
        proxy: Some(SecretString::from("http://me:hunter2@127.0.0.1:9")),
        ..access(&server)
    };
    let with_usersig = Access {
        credential: Credential::UserSig(SecretString::from(USERSIG)),
        ..with_key.clone()
    };
    for access in [with_key, with_usersig] {
        let client = Client::with_timing(access.clone(), timing());
        let error = client.history(&group("g"), &ask(None, 20)).await;
        let error: ApiError = error.expect_err("refused");
        assert_eq!(error.code(), Some(70_003));
        let printed = format!(
            "{access:?} {access:#?} {client:?} {error} {error:?} {:?}",
            access.credential
        );
        for secret in ["5bd2850f", "eJyr", "hunter2", "usersig="] {
            assert!(!printed.contains(secret), "{secret} in {printed}");
        }
    }
}

#[tokio::test]
async fn a_good_answer_that_repeats_the_usersig_does_not_keep_it() {
    let server = Loopback::start(|_, seen| {
        let usersig = seen.query("usersig").expect("a UserSig").to_owned();
        Answer::Send(ok(&format!(
            r#"{{"ErrorCode":0,"ErrorInfo":"as {usersig}","RspMsgList":[]}}"#
        )))
    });
    let page = client(&server).history(&group("g"), &ask(None, 20)).await;
    let info = page.expect("a page").info;
    assert!(info.as_str().contains("withheld"), "{}", info.as_str());
}

#[tokio::test]
async fn after_a_refusal_of_the_credentials_nothing_is_sent() {
    let server =
        Loopback::start(|n, _| Answer::Send(if n == 0 { refusal(70_009) } else { page() }));
    let client = client(&server);
    let first = fault(&client).await;
    let other = client.clone();
    let (second, third) = tokio::join!(fault(&client), fault(&other));
    assert_eq!((&second, &third), (&first, &first));
    assert_eq!((server.seen().len(), client.calls()), (1, 1));
    assert_eq!(client.stopped_by(), Some(first));

    client.resume();
    assert_eq!(client.stopped_by(), None);
    assert!(other.history(&group("g"), &ask(None, 20)).await.is_ok());
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn calls_that_wait_for_their_turn_end_with_the_refusal() {
    let server = Loopback::start(|_, _| Answer::Send(refusal(70_009)));
    let access = Access {
        calls_per_second: 1,
        ..access(&server)
    };
    let client = Client::with_timing(access, timing());
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        calls.spawn(async move { client.history(&group("g"), &ask(None, 20)).await });
    }
    // A watchdog: one after the other they would take more than a minute and a half.
    let all = tokio::time::timeout(Duration::from_secs(20), calls.join_all()).await;
    let codes: Vec<Option<u32>> = all
        .expect("nobody waits for a turn that never comes")
        .into_iter()
        .map(|result| result.err().and_then(|error| error.code()))
        .collect();
    assert_eq!(codes, [Some(70_009); 100]);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_lock_out_keeps_us_silent_whatever_anybody_says() {
    let server = Loopback::start(|_, _| Answer::Send(refusal(70_050)));
    let client = client(&server);
    let first = fault(&client).await;
    client.resume();
    assert_eq!(fault(&client).await, first);
    assert_eq!(server.seen().len(), 1);
    assert!(client.silent_for().is_some());
}

#[tokio::test]
async fn an_expired_usersig_of_ours_is_renewed_once_for_all_calls_in_flight() {
    // Both calls are in flight before either is refused.
    let both = std::sync::Barrier::new(2);
    let server = Loopback::start(move |n, _| {
        if n < 2 {
            both.wait();
            return Answer::Send(refusal(70_001));
        }
        Answer::Send(page())
    });
    let client = client(&server);
    let (group, newest) = (group("g"), ask(None, 20));
    let (one, two) = tokio::join!(
        client.history(&group, &newest),
        client.history(&group, &newest)
    );
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    let signatures: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| seen.query("usersig").expect("a UserSig").to_owned())
        .collect();
    let [a, b, c, d] = signatures.as_slice() else {
        panic!("{} calls", signatures.len());
    };
    assert!(a == b && c == d && a != c, "{signatures:?}");
}

#[tokio::test]
async fn a_renewed_usersig_that_is_refused_too_ends_it() {
    for code in [70_001, 70_003, 70_005, 70_052] {
        let server = Loopback::start(move |_, _| Answer::Send(refusal(code)));
        let client = client(&server);
        for _ in 0..3 {
            assert!(client.history(&group("g"), &ask(None, 20)).await.is_err());
        }
        assert_eq!(server.seen().len(), 2, "{code}");
    }
}

#[tokio::test]
async fn a_given_usersig_is_sent_once_and_not_again() {
    let server = Loopback::start(|_, _| Answer::Send(refusal(70_001)));
    let client = given(&server);
    for _ in 0..3 {
        assert!(client.history(&group("g"), &ask(None, 20)).await.is_err());
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_usersig_for_somebody_else_is_not_even_sent() {
    let server = Loopback::start(|_, _| Answer::Send(page()));
    let access = Access {
        identifier: "administrator".to_owned(),
        credential: Credential::UserSig(SecretString::from(USERSIG)),
        ..access(&server)
    };
    let client = Client::with_timing(access, timing());
    let fault = fault(&client).await;
    let Fault::Unsigned { cause } = fault else {
        panic!("{fault}");
    };
    assert!(cause.as_str().contains("`identifier`"));
    assert_eq!((client.calls(), server.seen().len()), (0, 0));
}
