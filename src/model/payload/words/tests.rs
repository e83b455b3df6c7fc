use super::*;

fn reading(text: &str) -> String {
    match Payload::of(text).reading() {
        None => "-".to_owned(),
        Some(Reading::Known(words) | Reading::Named(words)) => words,
        Some(Reading::Said(words)) => format!("said: {words}"),
        Some(Reading::Fields(words)) => format!("fields: {words}"),
    }
}

#[test]
fn known_shapes_are_told_in_words() {
    for (json, words) in [
        (
            r#"{"businessID":"text_link","text":"Track it","link":"https://a.b"}"#,
            r#"businessID: text_link "Track it""#,
        ),
        (
            r#"{"businessID":"order_card","order":"884213","n":1}"#,
            r#"businessID: order_card "884213""#,
        ),
        (r#"{"businessID":"x"}"#, "businessID: x"),
        (
            r#"{"businessID":"user_typing_status","typingStatus":1}"#,
            "typing",
        ),
        (
            r#"{"businessID":"user_typing_status","typingStatus":0}"#,
            "stopped typing",
        ),
        (
            r#"{"chatbotPlugin":2,"chunks":["Your parcel ","left"],"isFinished":1}"#,
            "said: Your parcel left",
        ),
        (
            r#"{"actionType":1,"businessID":1,"data":"{\"call_type\":1,\"cmd\":\"audioCall\"}","inviteID":"1","inviteeList":["customer_8472"],"inviter":"agent_li"}"#,
            "audio call: agent_li invites customer_8472",
        ),
        (
            r#"{"actionType":1,"data":"{\"data\":{\"cmd\":\"videoCall\",\"inviter\":\"a\"}}","inviteID":"1","inviteeList":["b","c"]}"#,
            "video call: a invites b, c",
        ),
        (
            r#"{"actionType":1,"data":"{\"call_end\":214,\"cmd\":\"hangup\"}","inviteID":"1"}"#,
            "call ended after 214 s",
        ),
        (
            r#"{"actionType":2,"data":"{}","inviteID":"1","inviter":"a"}"#,
            "call: a cancels",
        ),
        (
            r#"{"actionType":3,"data":"","inviteID":"1","inviteeList":["b"]}"#,
            "call: b accepts",
        ),
        (r#"{"actionType":4,"inviteID":"1"}"#, "call: rejected"),
        (
            r#"{"actionType":4,"data":"{\"call_type\":1,\"line_busy\":\"line_busy\"}","inviteID":"1","inviteeList":["b"]}"#,
            "audio call: b is busy",
        ),
        (
            r#"{"actionType":1,"data":"{\"call_end\":0,\"call_type\":1,\"data\":{\"cmd\":\"audioCall\"}}","inviteID":"1","inviteeList":["b"],"inviter":"a"}"#,
            "audio call: a invites b",
        ),
        (
            r#"{"actionType":1,"data":"{\"call_end\":9}","inviteID":"1"}"#,
            "call ended after 9 s",
        ),
        (
            r#"{"actionType":1,"data":"{\"call_type\":2,\"data\":{\"cmd\":\"switchToAudio\"}}","inviteID":"1","inviter":"a"}"#,
            "video call: a asks to go on without video",
        ),
        (
            r#"{"actionType":3,"data":"{\"data\":{\"cmd\":\"switchToAudio\"}}","inviteID":"1","inviteeList":["b"]}"#,
            "video call: b goes on without video",
        ),
        (
            r#"{"actionType":5,"data":"{\"call_type\":2}","inviteID":"1","inviteeList":["b"]}"#,
            "video call: no answer from b",
        ),
    ] {
        assert_eq!(reading(json), words, "{json}");
    }
}

#[test]
fn a_shape_of_another_type_falls_back_to_its_fields() {
    for (json, words) in [
        (
            r#"{"businessID":{"a":1},"text":"x"}"#,
            r#"fields: businessID: {...}, text: "x""#,
        ),
        (
            r#"{"actionType":9,"inviteID":"1"}"#,
            r#"fields: actionType: 9, inviteID: "1""#,
        ),
        (
            r#"{"chatbotPlugin":2,"chunks":7}"#,
            "fields: chatbotPlugin: 2, chunks: 7",
        ),
        (
            r#"{"a":1,"b":null,"c":[1,2],"d":{},"e":true,"f":1.50,"g":2}"#,
            "fields: a: 1, b: null, c: [2], d: {}, e: true, f: 1.50, ...",
        ),
        (r#"{"a":1,"b""#, "fields: a: 1 (damaged)"),
        ("{}", "fields: {}"),
        ("[1,2]", "fields: [2]"),
        (
            "\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6}MaoTong",
            r#"fields: 1: 1, 2: 6, 3: "MaoTon" (damaged)"#,
        ),
        ("eyJub3RlIjoi6YCA5qy+Pj8ifQ==", r#"fields: note: "退款>?""#),
        ("hello", "-"),
        ("", "-"),
        ("aGVsbG8=", "-"),
    ] {
        assert_eq!(reading(json), words, "{json}");
    }
}

#[test]
fn replies_and_reactions_are_told_in_words() {
    for (json, words) in [
        (
            r#"{"messageReply":{"messageSender":"customer_8472","messageAbstract":"where is 884213?"}}"#,
            &[r#"reply to customer_8472 "where is 884213?""#][..],
        ),
        (r#"{"messageReply":{}}"#, &["reply"]),
        (r#"{"messageReply":7}"#, &[]),
        (
            r#"{"messageReact":{"reacts":{"[ok]":["a","b"],"[no]":["c"],"[x]":[]},"version":1}}"#,
            &["reactions: [ok] by a, b; [no] by c"],
        ),
        (r#"{"messageReplies":{"replies":[{},{}]}}"#, &["2 replies"]),
        (r#"{"other":1}"#, &[]),
        ("plain", &[]),
    ] {
        let beside = Payload::of(json).beside();
        let told: Vec<_> = beside.reply.into_iter().chain(beside.echo).collect();
        assert_eq!(told, words, "{json}");
    }
}
