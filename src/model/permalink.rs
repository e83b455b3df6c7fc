//! Links to one message, and IDs as people paste them.

use std::fmt::Write as _;

use super::ids::{Conversation, GroupId, SdkAppId, Seq, TopicId};

/// What somebody pointed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The app the link is for; `None` for a bare ID.
    pub app: Option<SdkAppId>,
    /// The group or topic.
    pub conversation: Conversation,
    /// The message, in a link.
    pub seq: Option<Seq>,
}

/// What every permalink begins with; in any case where it is read.
pub const SCHEME: &str = "tim-history://";

fn after_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then_some(rest)
}

/// Whether a text can hardly be anything but something to open: a permalink or an
/// ID that the service made up itself (api-facts 6).
#[must_use]
pub fn is_plain(text: &str) -> bool {
    let text = text.trim();
    after_scheme(text).is_some()
        || (text.starts_with("@TGS#") && !text.contains(char::is_whitespace))
}

/// `tim-history://SDKAPPID/GROUP[/TOPIC]/SEQ`, percent-encoded: plain ASCII
/// without spaces, whatever the IDs are. [`read`] gives its parts back.
#[must_use]
pub fn link(app: SdkAppId, conversation: &Conversation, seq: Seq) -> String {
    let mut out = format!("{SCHEME}{app}/");
    encode(conversation.group.as_str(), &mut out);
    if let Some(topic) = &conversation.topic {
        out.push('/');
        encode(topic.as_str(), &mut out);
    }
    // Writing to a string cannot fail.
    let _ = write!(out, "/{seq}");
    out
}

/// Everything but the unreserved characters of RFC 3986 as `%XX`.
fn encode(part: &str, out: &mut String) {
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// Reads `tim-history://SDKAPPID/GROUP[/TOPIC]/SEQ` (percent-encoded), a group
/// ID, or a topic ID, from which the community's ID is taken.
///
/// # Errors
///
/// What is wrong with a link, or "nothing" for an empty text.
pub fn read(text: &str) -> Result<Target, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("nothing to open: type a group ID, a topic ID or a permalink");
    }
    match after_scheme(text) {
        Some(rest) => read_link(rest),
        None => read_id(text),
    }
}

fn read_id(text: &str) -> Result<Target, &'static str> {
    if text.starts_with("http://") || text.starts_with("https://") {
        return Err("not an ID: that is a web address");
    }
    // A topic is named by its community's ID, `@TOPIC#_` and its own (api-facts 4.7).
    if text.len() > 96 || text.chars().any(char::is_control) {
        return Err("not an ID: those have at most 96 bytes and no control characters");
    }
    let conversation = match text.split_once("@TOPIC#_") {
        Some((community, _)) if !community.is_empty() => Conversation {
            group: GroupId::new(community),
            topic: Some(TopicId::new(text)),
        },
        _ => Conversation::group(GroupId::new(text)),
    };
    Ok(Target {
        app: None,
        conversation,
        seq: None,
    })
}

fn read_link(rest: &str) -> Result<Target, &'static str> {
    let parts: Option<Vec<String>> = rest.split('/').map(decode).collect();
    let parts = parts.ok_or("the permalink has a broken %XX in it")?;
    let (app, group, topic, seq) = match parts.as_slice() {
        [app, group, seq] => (app, group, None, seq),
        [app, group, topic, seq] => (app, group, Some(topic), seq),
        _ => return Err("a permalink reads tim-history://SDKAPPID/GROUP[/TOPIC]/SEQ"),
    };
    let app = app
        .parse()
        .map_err(|_| "the permalink's first part is not an SDKAppID")?;
    let seq = seq
        .parse()
        .ok()
        .and_then(Seq::new)
        .ok_or("the permalink's last part is not a seq")?;
    if group.is_empty() {
        return Err("the permalink names no group");
    }
    let topic = topic.map(|t| TopicId::new(t.as_str()));
    let conversation = Conversation {
        group: GroupId::new(group.as_str()),
        topic,
    };
    Ok(Target {
        app: Some(SdkAppId(app)),
        conversation,
        seq: Some(seq),
    })
}

fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_link_is_plain_text() {
        let conversation = Conversation {
            group: GroupId::new("@TGS#_a b/c"),
            topic: Some(TopicId::new("é%2F")),
        };
        assert_eq!(
            link(SdkAppId(1_400_000_000), &conversation, Seq::LAST),
            "tim-history://1400000000/%40TGS%23_a%20b%2Fc/%C3%A9%252F/4294967295"
        );
    }

    proptest! {
        /// What was linked is what the link names.
        #[test]
        fn links_lead_back(app: u32, group in ".{1,48}", topic in prop::option::of(".{1,96}"), seq in 1..=u32::MAX) {
            let conversation = Conversation {
                group: GroupId::new(group),
                topic: topic.map(TopicId::new),
            };
            let seq = Seq::new(seq).expect("above zero");
            let text = link(SdkAppId(app), &conversation, seq);
            let target = Target { app: Some(SdkAppId(app)), conversation, seq: Some(seq) };
            prop_assert_eq!(read(&text), Ok(target));
            prop_assert!(is_plain(&text));
            prop_assert!(text.bytes().all(|b| b.is_ascii_graphic()));
        }
    }

    #[test]
    fn a_permalink_names_app_group_and_seq() {
        let target = read(" tim-history://1400000000/%40TGS%23A%2Fb/812 ").expect("a link");
        assert_eq!(target.app, Some(SdkAppId(1_400_000_000)));
        assert_eq!(
            target.conversation,
            Conversation::group(GroupId::new("@TGS#A/b"))
        );
        assert_eq!(target.seq, Seq::new(812));
        let topic = read("TIM-History://1/c/t/2")
            .expect("a link")
            .conversation
            .topic;
        assert_eq!(topic, Some(TopicId::new("t")));
    }

    #[test]
    fn a_topic_id_names_its_community() {
        let id = "@TGS#_@TGS#cQVLVHIM62CJ@TOPIC#_@TOPIC#cRTE3HIM62C5";
        let conversation = read(id).expect("an ID").conversation;
        assert_eq!(conversation.group, GroupId::new("@TGS#_@TGS#cQVLVHIM62CJ"));
        assert_eq!(conversation.id(), id);
    }

    #[test]
    fn what_is_wrong_with_a_link_is_said() {
        for text in [
            "",
            "tim-history://",
            "tim-history://x/g/1",
            "tim-history://1/g/0",
            "tim-history://1/%zz/1",
            "https://example.com/x",
            "a\u{1b}b",
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
