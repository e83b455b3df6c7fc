//! What leaves, byte by byte.

use super::*;

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

/// Proxy variables and a machine without CA certificates do not keep us from ourselves.
#[test]
fn loopback_works_whatever_the_environment_says() {
    let me = std::env::current_exe().expect("this test's own program");
    let output = std::process::Command::new(me)
        .args([
            "--exact",
            "requests::a_request_is_exactly_what_the_documentation_says",
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
