//! The client against a server written by hand: what leaves, byte by byte, and
//! what becomes of everything that can come back.

#![expect(clippy::panic, reason = "a test says what it met instead")]
#![expect(unreachable_pub, reason = "modules of a test program have no outside")]

mod loopback;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use loopback::{Answer, Loopback, Seen, http, ok};
use secrecy::SecretString;
use serde_json::{Value, json};
use tim_history::api::check::{self, Verdict};
use tim_history::api::{Access, Client, Credential, Endpoint, Timing};
use tim_history::model::error::{ApiError, Fault, Remedy};
use tim_history::model::ids::{Conversation, GroupId, SdkAppId, Seq, TopicId, UserId};
use tim_history::model::message::{Ask, AskNo, PageSize};

/// The public example key of the service's own libraries.
const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

/// A UserSig of the public vectors: for `xiaojun`, made 2023-11-14, valid for 180 days.
const USERSIG: &str = "eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwhWZiflZpXlQqeKU7MSCgswUJStDEwMogMiUZOamKlkZmqOKplYUZBaBxE1NTY3gosWZ6UpWSj5ljuYp*p7l5unBxXnF2WVhVU4uAf7Ozi5JpX7O5SbuHuUhzgZJmQXaTia2SrUAohcx8g__";

const NOW: i64 = 1_700_000_000;

fn access(server: &Loopback) -> Access {
    Access {
        sdk_app_id: SdkAppId(1_400_000_000),
        identifier: "xiaojun".to_owned(),
        endpoint: Endpoint::custom(&server.url()).expect("a loopback endpoint"),
        credential: Credential::Key(SecretString::from(KEY)),
        ca_file: None,
        proxy: None,
        calls_per_second: 200,
    }
}

/// A clock that moves on by a second at each look, so that no two UserSigs are equal.
fn timing() -> Timing {
    let clock = AtomicI64::new(NOW);
    Timing {
        wall: Arc::new(move || clock.fetch_add(1, Ordering::SeqCst)),
        ..Timing::default()
    }
}

fn client(server: &Loopback) -> Client {
    Client::with_timing(access(server), timing())
}

fn given(server: &Loopback) -> Client {
    let credential = Credential::UserSig(SecretString::from(USERSIG));
    let access = Access {
        credential,
        ..access(server)
    };
    Client::with_timing(access, timing())
}

fn group(id: &str) -> Conversation {
    Conversation::group(GroupId::new(id))
}

fn ask(seq: Option<u32>, count: u32) -> Ask {
    Ask {
        seq: seq.and_then(Seq::new),
        count: PageSize::clamped(count),
        generation: 0,
        no: AskNo(1),
    }
}

fn users(ids: &[&str]) -> Vec<UserId> {
    ids.iter().map(|id| UserId::new(*id)).collect()
}

fn page() -> Vec<u8> {
    ok(
        r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"GroupId":"g","IsFinished":1,"RspMsgList":[]}"#,
    )
}

fn refusal(code: u32) -> Vec<u8> {
    ok(&format!(
        r#"{{"ActionStatus":"FAIL","ErrorCode":{code},"ErrorInfo":"no"}}"#
    ))
}

fn empty() -> Answer {
    Answer::Send(ok(
        r#"{"ActionStatus":"OK","ErrorCode":0,"GroupInfo":[],"TotalCount":0,"GroupIdList":[],
            "GroupId":"@TGS#2J4SZEAEL","MemberList":[],"TopicAndSelfInfo":[],"UserProfileItem":[]}"#,
    ))
}

async fn fault(client: &Client) -> Fault {
    let error = client.history(&group("g"), &ask(None, 20)).await;
    error.expect_err("a fault").fault
}

/// The documented request of that name, with the changes this program makes to it.
fn documented(name: &str, changes: &Value) -> Value {
    let all: Value = serde_json::from_str(include_str!("fixtures/api/requests.json"))
        .expect("the requests parse");
    let mut body = all[name].as_object().expect("an object").clone();
    for (key, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            body.remove(key);
        } else {
            body.insert(key.clone(), value.clone());
        }
    }
    Value::Object(body)
}

#[tokio::test]
async fn a_request_is_exactly_what_the_documentation_says() {
    let server = Loopback::start(|_, _| Answer::Send(page()));
    let client = given(&server);
    for _ in 0..2 {
        let answer = client.history(&group("g"), &ask(None, 20)).await;
        assert_eq!(answer.map(|page| page.items.len()), Ok(0));
    }
    let seen = server.seen();
    let mut randoms = Vec::new();
    for request in &seen {
        let start = format!(
            "POST /v4/group_open_http_svc/group_msg_get_simple?sdkappid=1400000000\
             &identifier=xiaojun&usersig={USERSIG}&random="
        );
        let rest = request.line.strip_prefix(&start).expect("path and query");
        let number = rest
            .strip_suffix("&contenttype=json HTTP/1.1")
            .expect("contenttype, and nothing after it");
        randoms.push(number.parse::<u32>().expect("a u32"));
        assert_eq!(request.header("content-type"), Some("application/json"));
        let length = request.header("content-length").expect("a length");
        assert_eq!(length, request.body.len().to_string());
        for absent in ["referer", "cookie", "accept-encoding", "authorization"] {
            assert_eq!(request.header(absent), None, "{absent}");
        }
    }
    assert_eq!(randoms.len(), 2);
    assert_ne!(randoms.first(), randoms.last(), "a fresh random per call");
    assert_eq!(client.calls(), 2);
}

#[tokio::test]
async fn history_sends_the_documented_keys() {
    let server = Loopback::start(|_, _| Answer::Send(page()));
    let client = client(&server);
    let id = "@TGS#2J4SZEAEL";
    let topic = Conversation {
        group: GroupId::new("@TGS#_@TGS#cQVLVHIM62CJ"),
        topic: Some(TopicId::new(
            "@TGS#_@TGS#cQVLVHIM62CJ@TOPIC#_@TOPIC#cRTE3HIM62C5",
        )),
    };
    let asks = [
        (group(id), ask(None, 20)),
        (group(id), ask(Some(7_803_319), 20)),
        (group(id), ask(Some(7), 3)),
        (group(id), ask(Some(0), 0)),
        (topic, ask(None, 20)),
    ];
    for (conversation, ask) in &asks {
        // What the reply says does not matter here.
        let _ = client.history(conversation, ask).await;
    }
    let recalled = json!({ "WithRecalledMsg": 1 });
    let expected = [
        documented("group_msg_get_simple_latest", &recalled),
        documented("group_msg_get_simple_older", &recalled),
        json!({ "GroupId": id, "ReqMsgNumber": 3, "ReqMsgSeq": 7, "WithRecalledMsg": 1 }),
        json!({ "GroupId": id, "ReqMsgNumber": 1, "WithRecalledMsg": 1 }),
        documented("group_msg_get_simple_topic", &recalled),
    ];
    let bodies: Vec<Value> = server.seen().iter().map(Seen::json).collect();
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn the_group_list_is_asked_for_a_thousand_at_a_time() {
    let server = Loopback::start(|_, _| {
        Answer::Send(ok(
            r#"{"ErrorCode":0,"TotalCount":2,"GroupIdList":[{"GroupId":"a b"}],"Next":4454685361}"#,
        ))
    });
    let list = client(&server).group_ids(18_446_744_073_709_551_615).await;
    assert_eq!(list.map(|list| list.next), Ok(Some(4_454_685_361)));
    let next = json!({ "Next": 18_446_744_073_709_551_615_u64, "GroupType": null });
    let seen = server.only();
    assert_eq!(seen.path(), "/v4/group_open_http_svc/get_appid_group_list");
    assert_eq!(seen.json(), documented("get_appid_group_list", &next));
}

#[tokio::test]
async fn group_info_never_goes_without_a_filter() {
    let server = Loopback::start(|_, _| empty());
    let ids = ["@TGS#2J4SZEAEL", "@TGS#2C5SZEAEF"].map(GroupId::new);
    assert!(client(&server).group_info(&ids).await.is_ok());
    let seen = server.only();
    assert_eq!(seen.path(), "/v4/group_open_http_svc/get_group_info");
    assert_eq!(seen.json(), documented("get_group_info", &json!({})));
}

#[tokio::test]
async fn joined_groups_skip_what_is_known() {
    let server = Loopback::start(|_, _| empty());
    let user = UserId::new("customer_8472");
    assert!(client(&server).joined_groups(&user, 200).await.is_ok());
    let seen = server.only();
    assert_eq!(seen.path(), "/v4/group_open_http_svc/get_joined_group_list");
    let offset = json!({ "Offset": 200 });
    assert_eq!(seen.json(), documented("get_joined_group_list", &offset));
}

#[tokio::test]
async fn members_are_asked_for_by_name() {
    let server = Loopback::start(|_, _| empty());
    let group = GroupId::new("@TGS#2J4SZEAEL");
    let whom = users(&["agent_li", "customer_8472"]);
    assert!(client(&server).members(&group, &whom).await.is_ok());
    let seen = server.only();
    assert_eq!(
        seen.path(),
        "/v4/group_open_http_svc/get_specified_group_member_info"
    );
    let body = documented("get_specified_group_member_info", &json!({}));
    assert_eq!(seen.json(), body);
}

#[tokio::test]
async fn topics_are_asked_for_as_the_administrator() {
    let server = Loopback::start(|_, _| empty());
    let group = GroupId::new("@TGS#_@TGS#cQVLVHIM62CJ");
    assert!(client(&server).topics(&group).await.is_ok());
    let seen = server.only();
    assert_eq!(seen.path(), "/v4/million_group_open_http_svc/get_topic");
    let who = json!({ "From_Account": "xiaojun" });
    assert_eq!(seen.json(), documented("get_topic", &who));
}

#[tokio::test]
async fn names_are_asked_for_by_tag() {
    let server = Loopback::start(|_, _| empty());
    let whom = users(&["agent_li", "customer_8472"]);
    assert!(client(&server).names(&whom).await.is_ok());
    let seen = server.only();
    assert_eq!(seen.path(), "/v4/profile/portrait_get");
    assert_eq!(seen.json(), documented("portrait_get", &json!({})));
}

#[tokio::test]
async fn nothing_is_sent_for_nobody() {
    let server = Loopback::start(|_, _| empty());
    let client = client(&server);
    assert_eq!(client.names(&[]).await, Ok(Vec::new()));
    assert_eq!(client.group_info(&[]).await, Ok(Vec::new()));
    assert_eq!(
        client.members(&GroupId::new("g"), &[]).await,
        Ok(Vec::new())
    );
    assert_eq!((client.calls(), server.seen().len()), (0, 0));
}

#[tokio::test]
async fn an_odd_identifier_is_percent_encoded() {
    let server = Loopback::start(|_, _| Answer::Send(page()));
    let access = Access {
        identifier: "a b&c=d/e~é%".to_owned(),
        ..access(&server)
    };
    let answer = Client::with_timing(access, timing())
        .history(&group("g"), &ask(None, 20))
        .await;
    assert!(answer.is_ok());
    let line = server.only().line;
    assert!(
        line.contains("&identifier=a%20b%26c%3Dd%2Fe~%C3%A9%25&usersig="),
        "{line}"
    );
}

#[tokio::test]
async fn a_gateways_page_is_never_read_as_a_reply() {
    let server = Loopback::start(|_, _| {
        let body = r#"{"ActionStatus":"OK","ErrorCode":0,"RspMsgList":[]}"#;
        Answer::Send(http("502 Bad Gateway", body))
    });
    let fault = fault(&client(&server)).await;
    let Fault::Http { status, excerpt } = fault else {
        panic!("{fault}");
    };
    assert_eq!(status, 502);
    assert!(excerpt.as_str().starts_with(r#"{"ActionStatus""#));
}

#[tokio::test]
async fn a_gateways_page_is_shown_cut_and_without_our_usersig() {
    let server = Loopback::start(|_, seen| {
        let page = format!("<html>\n\n\u{1b}[2J404: {} not found", seen.line);
        Answer::Send(http("404 Not Found", &page))
    });
    let error = given(&server)
        .history(&group("g"), &ask(Some(9), 20))
        .await
        .expect_err("a fault");
    let text = format!("{error} {error:?}");
    assert!(
        text.starts_with("group_msg_get_simple of g from seq 9: HTTP 404: <html>"),
        "{text}"
    );
    assert!(!text.contains("eJyr") && !text.contains('\u{1b}'), "{text}");
    assert_eq!(error.remedy(), Remedy::Permanent);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Loopback::start(|_, _| Answer::Send(page()));
    let target = elsewhere.url();
    let server = Loopback::start(move |_, _| {
        let head =
            format!("HTTP/1.1 302 Found\r\nLocation: {target}/v4/x\r\nContent-Length: 0\r\n\r\n");
        Answer::Send(head.into_bytes())
    });
    let fault = fault(&client(&server)).await;
    let Fault::Http { status, excerpt } = fault else {
        panic!("{fault}");
    };
    assert_eq!(
        (status, excerpt.as_str()),
        (302, "a redirect, not followed")
    );
    assert_eq!(elsewhere.seen().len(), 0);
}

#[tokio::test]
async fn a_cut_reply_is_no_reply() {
    let cuts = [
        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ErrorCode\":0}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n{\"ErrorCode\":0}\r\n",
        "HTTP/1.1 200 OK\r\nConte",
        "",
    ];
    for cut in cuts {
        let server = Loopback::start(move |_, _| Answer::SendAndClose(cut.as_bytes().to_vec()));
        let fault = fault(&client(&server)).await;
        let Fault::Unreachable { host, cause } = fault else {
            panic!("{cut:?}: {fault}");
        };
        assert!(host.starts_with("127.0.0.1:"));
        assert!(
            cause.as_str().contains("connection"),
            "{cut:?}: {}",
            cause.as_str()
        );
    }
}

#[tokio::test]
async fn silence_ends_with_the_call_s_own_time_out() {
    let server = Loopback::start(|_, _| Answer::Hang);
    let patience = Timing {
        call: Duration::from_millis(50),
        ..timing()
    };
    let client = Client::with_timing(access(&server), patience);
    let text = fault(&client).await.to_string();
    assert!(text.contains("no complete answer within 0.05 s"), "{text}");
}

#[tokio::test]
async fn a_dripping_reply_ends_with_it_too() {
    let server = Loopback::start(|_, _| {
        Answer::SendAndHang(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{".to_vec())
    });
    let patience = Timing {
        call: Duration::from_millis(50),
        ..timing()
    };
    let client = Client::with_timing(access(&server), patience);
    let text = fault(&client).await.to_string();
    assert!(text.contains("no complete answer"), "{text}");
}

#[tokio::test]
async fn a_closed_port_is_named() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port that was free a moment ago")
        .port();
    let server = Loopback::start(|_, _| empty());
    let endpoint = Endpoint::custom(&format!("http://127.0.0.1:{port}")).expect("loopback");
    let access = Access {
        endpoint,
        ..access(&server)
    };
    let text = fault(&Client::with_timing(access, timing()))
        .await
        .to_string();
    assert_eq!(
        text,
        format!("no answer from 127.0.0.1:{port}: connection refused")
    );
}

#[tokio::test]
async fn a_reply_of_more_than_four_mebibytes_is_refused() {
    let announced = Loopback::start(|_, _| {
        Answer::SendAndHang(b"HTTP/1.1 200 OK\r\nContent-Length: 4194305\r\n\r\n".to_vec())
    });
    assert_eq!(fault(&client(&announced)).await, Fault::TooLarge);
    let endless = Loopback::start(|_, _| {
        let mut reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for _ in 0..5 {
            reply.extend_from_slice(b"100000\r\n");
            reply.resize(reply.len() + 0x10_0000, b' ');
            reply.extend_from_slice(b"\r\n");
        }
        Answer::SendAndHang(reply)
    });
    assert_eq!(fault(&client(&endless)).await, Fault::TooLarge);
    assert!(endless.seen().len() == 1);
}

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

/// Proxy variables and a machine without CA certificates do not keep us from ourselves.
#[test]
fn loopback_works_whatever_the_environment_says() {
    let me = std::env::current_exe().expect("this test's own program");
    let output = std::process::Command::new(me)
        .args([
            "--exact",
            "a_request_is_exactly_what_the_documentation_says",
        ])
        .env("http_proxy", "http://127.0.0.1:1")
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("https_proxy", "http://127.0.0.1:1")
        .env("ALL_PROXY", "http://127.0.0.1:1")
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .env("SSL_CERT_FILE", "/nowhere/ca.pem")
        .env("SSL_CERT_DIR", "/nowhere")
        .output()
        .expect("the test runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}
