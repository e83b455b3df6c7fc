//! Nobody can write a line that is not theirs, and nothing is left out.

use proptest::prelude::*;

use super::*;
use crate::model::ids::GroupId;
use crate::model::message::{ItemState, Raw};
use crate::model::text::clean;

/// Text made of what means something in the formats, and of anything else.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ \\\\`*_{}\\[\\]<>#!|~&$^@()\":.\\n\\r\\t0-9-]{0,12}",
        Just("\n* 812 2025-01-03 16:00:00 +08:00 **Admin** (admin): yes".to_owned()),
        Just("**, app 1** (admin): yes [marked]".to_owned()),
        Just("](https://evil.example)".to_owned()),
        ".{0,12}",
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn message(seq: u32, sender: &str, text: &str) -> Message {
    let raw = serde_json::json!({
        "MsgSeq": seq,
        "From_Account": sender,
        "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": text } }],
    });
    Message {
        seq: Seq::new(seq),
        time: Timestamp::new(1_735_891_200),
        sender: (!sender.is_empty()).then(|| UserId::new(sender)),
        state: ItemState::Present,
        system: false,
        random: Some(7),
        priority: None,
        repaired: false,
        raw: Raw::from(raw.to_string().as_str()),
    }
}

fn said<'a>(message: &'a Message, name: Option<&str>) -> Said<'a> {
    Said {
        seq: message.seq.expect("one"),
        message,
        name: name.map(clean),
        mark: None,
        changed: false,
        as_of: None,
    }
}

fn excerpt<'a>(
    entries: Vec<Entry<'a>>,
    conversation: &'a Conversation,
    zone: &'a Zone,
) -> Excerpt<'a> {
    Excerpt {
        app: SdkAppId(1),
        profile: "test".into(),
        conversation,
        name: "A group".into(),
        zone,
        people: Vec::new(),
        filter: None,
        entries,
    }
}

fn group() -> Conversation {
    Conversation::group(GroupId::new("@TGS#A"))
}

/// As a reader of Markdown takes the backslashes away; an unescaped sign is shown as `⟦`.
fn read_markdown(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => out.extend(rest.next()),
            c if "`*_{}[]<>#!|~&$^@".contains(c) => out.push('⟦'),
            c => out.push(c),
        }
    }
    out
}

proptest! {
    /// What a reader sees of escaped text is the text.
    #[test]
    fn escaped_text_reads_as_it_was(text in hostile()) {
        let text = clean(&text).one_line();
        prop_assert_eq!(read_markdown(&Style::Markdown.escaped(&text)), text.as_str());
    }

    /// However it is written, a message is one line, begun by its own seq and time.
    #[test]
    fn nobody_writes_a_line_that_is_not_theirs(
        texts in prop::collection::vec((hostile(), hostile(), hostile()), 1..5),
        masked: bool,
        markdown: bool,
    ) {
        let zone = Zone::utc();
        let conversation = group();
        let messages: Vec<Message> = (812..)
            .zip(&texts)
            .map(|(seq, (id, _, text))| message(seq, id, text))
            .collect();
        let entries = messages.iter().zip(&texts);
        let entries = entries.map(|(m, (_, name, _))| Entry::Said(said(m, Some(name))));
        let excerpt = excerpt(entries.collect(), &conversation, &zone);
        let style = if markdown { Style::Markdown } else { Style::Plain };
        let block = ticket(&excerpt, style, masked);
        let lines: Vec<&str> = block.as_str().lines().collect();
        let blank = lines.iter().position(|line| line.is_empty()).expect("below the header");
        let bullet = if markdown { "* " } else { "" };
        prop_assert_eq!(lines.len(), blank + 1 + texts.len());
        for (seq, line) in (812..).zip(&lines[blank + 1..]) {
            let start = format!("{bullet}{seq} 2025-01-03 08:00:00 +00:00 ");
            prop_assert!(line.starts_with(&start), "{line}");
            // Ours are the two pairs of stars around the name, or none.
            if markdown {
                let read = read_markdown(line.trim_start_matches("* "));
                prop_assert!([0, 2, 4].contains(&read.matches('⟦').count()), "{line}");
            }
        }
        prop_assert!(!block.as_str().contains(|c: char| c.is_control() && c != '\n'));
    }

    /// In plain text what stands in square brackets is ours.
    #[test]
    fn no_text_stands_in_brackets_of_ours(text in hostile()) {
        let escaped = Style::Plain.escaped(&clean(&text));
        let all = escaped.matches('[').count();
        prop_assert_eq!(escaped.matches("\\[").count(), all, "{}", escaped);
    }

    /// No address can end its link early.
    #[test]
    fn a_link_stays_inside_its_brackets(url in hostile()) {
        let url = format!("https://cos.example/{url}");
        let label = Style::Markdown.label(&clean("[image]"), Some(&url));
        let inner = label.strip_prefix("[image](").and_then(|rest| rest.strip_suffix(')'));
        let inner = inner.expect("a link");
        prop_assert!(inner.bytes().all(|b| b.is_ascii_graphic()), "{inner}");
        prop_assert!(!inner.contains(['(', ')', '<', '>', '[', ']', '\\', '`', '"']), "{inner}");
    }

    /// Neither ID nor name of a sender is left when they are masked.
    #[test]
    fn masked_people_are_gone(id in "[a-z]{4,8}[0-9]{3}", name in "[A-Z][a-z]{3,9}Q") {
        let zone = Zone::utc();
        let conversation = group();
        let text = format!("ask {name}, that is {id}; or @{name}.");
        let messages = [message(1, &id, &text), message(2, "other_one", &text)];
        let entries = vec![
            Entry::Said(said(&messages[0], Some(&name))),
            Entry::Said(said(&messages[1], None)),
        ];
        let excerpt = excerpt(entries, &conversation, &zone);
        for block in [
            ticket(&excerpt, Style::Markdown, true),
            ticket(&excerpt, Style::Plain, true),
            super::text(&excerpt, true),
        ] {
            for secret in [id.as_str(), name.as_str(), "other", "@TGS#A", "@TGS\\#A"] {
                prop_assert!(!block.as_str().contains(secret), "{secret}: {}", block.as_str());
            }
            prop_assert!(block.as_str().contains("ask User 1, that is User 1; or"));
        }
    }
}

#[test]
fn a_word_is_not_cut_for_a_name() {
    let zone = Zone::utc();
    let conversation = group();
    let messages = [message(1, "ann", "annual plan for ann, banner 李雷说")];
    let mut one = said(&messages[0], Some("李雷"));
    one.mark = Some("ann again".into());
    let excerpt = excerpt(vec![Entry::Said(one)], &conversation, &zone);
    let block = ticket(&excerpt, Style::Plain, true);
    let line = block.as_str().lines().last().expect("one");
    assert_eq!(
        line,
        "1 2025-01-03 08:00:00 +00:00 \"User 1\": annual plan for User 1, banner User 1说 \
         [marked:] User 1 again"
    );
}

#[test]
fn an_address_of_another_kind_is_no_link() {
    for url in ["javascript:alert(1)", "file:///etc/passwd", " data:x", ""] {
        let label = Style::Markdown.label(&clean("[file a_b]"), Some(url));
        assert_eq!(label, "\\[file a\\_b\\]", "{url}");
    }
    let label = Style::Plain.label(&clean("[image 1.8 MB]"), Some("HTTPS://a/b c(1)"));
    assert_eq!(label, "[image 1.8 MB HTTPS://a/b%20c%281%29]");
}

#[test]
fn whoever_is_named_in_a_text_is_masked_like_a_sender() {
    let zone = Zone::utc();
    let conversation = group();
    let mut removed = message(1, "@TIM#SYSTEM", "");
    removed.system = true;
    removed.raw = Raw::from(
        r#"{"MsgSeq":1,"IsSystemMsg":1,"From_Account":"@TIM#SYSTEM","MsgBody":{"OpType":3,"Operator_Account":"boss_1","List_Account":["ann_2"]}}"#,
    );
    let messages = [
        removed,
        message(2, "cat_3", "Zoe Q left, and so did dan_4 (not Ann)"),
    ];
    let entries = messages.iter().map(|m| Entry::Said(said(m, None)));
    let mut excerpt = excerpt(entries.collect(), &conversation, &zone);
    excerpt.people = vec![
        (UserId::new("zoe_9"), Some("Zoe Q".into())),
        (UserId::new("dan_4"), None),
        (UserId::new("ann_2"), Some("Ann".into())),
        (UserId::new("nobody_5"), Some("Nob".into())),
    ];
    let block = ticket(&excerpt, Style::Plain, true);
    let lines: Vec<&str> = block.as_str().lines().rev().take(2).collect();
    assert_eq!(
        lines,
        [
            "2 2025-01-03 08:00:00 +00:00 \"User 3\": User 4 left, and so did User 5 (not User 2)",
            "1 2025-01-03 08:00:00 +00:00 \"system\": User 1 removed User 2",
        ]
    );
}
