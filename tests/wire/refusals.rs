//! What the service says instead of an answer.

use tim_history::model::error::Fault;

use crate::{fixture, group_g, read};

fn refused(name: &str) -> (u32, String) {
    match read(&fixture(&format!("errors/{name}")), &group_g()) {
        Err(Fault::Service { code, info }) => (code, info.as_str().to_owned()),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_code_comes_through_with_its_text() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/errors");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the fixtures are there") {
        let name = entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned();
        let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
        let Ok(code) = digits.parse::<u32>() else {
            continue;
        };
        let value: serde_json::Value =
            serde_json::from_slice(&fixture(&format!("errors/{name}"))).expect("JSON");
        let info = value["ErrorInfo"].as_str().unwrap_or_default().to_owned();
        assert_eq!(refused(&name), (code, info), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 36);
}

#[test]
fn the_code_decides_and_then_the_status() {
    assert_eq!(refused("code_as_string.json"), (60_007, "x".to_owned()));
    assert_eq!(refused("fail_status_zero_code.json"), (0, String::new()));
    assert_eq!(
        refused("no_actionstatus.json"),
        (70_001, "usersig expired".to_owned())
    );
    assert_eq!(
        refused("ok_status_nonzero_code.json"),
        (10_002, String::new())
    );
    let listed = read(
        br#"{"ActionStatus":"FAIL","ErrorCode":0,"RspMsgList":[]}"#,
        &group_g(),
    );
    assert!(matches!(listed, Err(Fault::Service { code: 0, .. })));
    let bare = read(br#"{"ActionStatus":"FAIL","ErrorInfo":"no"}"#, &group_g());
    assert!(matches!(bare, Err(Fault::Service { code: 0, .. })));
}

#[test]
fn what_is_not_json_is_quoted_in_the_error() {
    let text = |name| {
        read(&fixture(name), &group_g())
            .expect_err(name)
            .to_string()
    };
    insta::assert_snapshot!(text("errors/http_502.html"), @"cannot read the reply: not a JSON object: <html> <head><title>502 Bad Gateway</title></head> <body><center><h1>502 Bad Gat...");
    insta::assert_snapshot!(text("errors/truncated.json.txt"), @r#"cannot read the reply: the text is cut off inside a string at byte 126 of 131: {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"GroupId":"@TGS#2J4SZEAEL","Is..."#);
}
