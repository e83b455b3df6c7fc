//! `data:`, by example.

use super::tests::{message, seconds, subject};
use super::*;
use crate::model::message::Raw;

/// Whether `text` keeps a message with this custom data.
fn keeps(text: &str, data: &str) -> bool {
    let data = serde_json::json!({ "Data": data });
    let body = format!(r#"{{"MsgBody":[{{"MsgType":"TIMCustomElem","MsgContent":{data}}}]}}"#);
    let mut message = message();
    message.raw = Raw::from(body.as_str());
    let query = Query::parse(text, &seconds).expect(text);
    query.matches(&subject(&message))
}

#[test]
fn data_is_kept_by_path_and_value() {
    let order = r#"{"orderId":812,"order":{"state":"Paid out","by":"a=b"},"note":""}"#;
    for (text, expected) in [
        ("data:orderId=812", true),
        ("data:orderid＝812", true),
        ("DATA:orderId", true),
        ("data:order", true),
        ("data:order.by=a=b", true),
        (r#"data:order.state="paid out""#, true),
        (r#""data:order.state=paid out""#, false),
        (r#"data:"order.state=paid out""#, true),
        (r#"data:note="""#, true),
        ("data:orderId=812 data:state", true),
        ("data:orderId=812 data:state=open", false),
        ("data:orderId=81", false),
        ("data:missing", false),
        ("-data:missing", true),
        ("-data:orderId=812", false),
    ] {
        assert_eq!(keeps(text, order), expected, "{text}");
    }
    assert!(keeps(
        "data:3=maoton",
        "\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6}MaoTong"
    ));
    assert!(!keeps("data:orderId", "orderId=812"));
}

#[test]
fn what_is_wrong_with_a_path_is_said_where_it_stands() {
    for (text, at, words) in [
        (
            "a data:",
            "data:",
            "a value is missing after data:, such as data:orderId=812",
        ),
        (
            "data:=5 a",
            "=5",
            "a path is missing, as in data:orderId=812",
        ),
        (
            "data:a.b= c",
            "a.b=",
            "a value is missing; data:a.b asks whether it is there",
        ),
        (r#"data:a="b"#, r#"a="b"#, "the quote is not closed"),
        (r#"data:a="b"c"#, "c", "a space is missing after the quote"),
        ("dta:a=1", "dta", "no key `dta`; did you mean `data`?"),
    ] {
        let wrong = Query::parse(text, &seconds).expect_err(text);
        assert_eq!(text.get(wrong.at), Some(at), "{text}");
        assert_eq!(wrong.words, words, "{text}");
    }
}
