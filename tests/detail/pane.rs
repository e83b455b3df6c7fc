//! What a reader has before them: a pane of some size, and replies to look at.

use serde_json::value::RawValue;
use tim_history::app::action::Action;
use tim_history::app::detail::{Detail, Frame, Laid, Shown, Subject};
use tim_history::app::keymap::Keymap;
use tim_history::app::view::{Gutter, Row};
use tim_history::model::ids::{Seq, UserId};
use tim_history::model::message::{ItemState, Message, Raw, Timestamp};
use tim_history::model::text::Clean;
use tim_history::model::time::Zone;
use tim_history::model::timeline::SeqState;

/// The messages of a reply, read by hand so that this test needs no client.
pub(crate) fn sample(name: &str) -> Vec<Message> {
    #[derive(serde::Deserialize)]
    struct Reply {
        #[serde(rename = "RspMsgList")]
        list: Vec<Box<RawValue>>,
    }
    let path = format!(
        "{}/tests/fixtures/group_msg_get_simple/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).expect("the fixture is there");
    let reply: Reply = serde_json::from_str(&text).expect("a reply");
    reply.list.iter().map(|raw| message(raw.get())).collect()
}

pub(crate) fn message(raw: &str) -> Message {
    // Only the fields above the body are read; the escape stands for what is repaired.
    let json: serde_json::Value =
        serde_json::from_str(&raw.replace("\\ud83d", "\\ufffd")).expect("an item");
    let number = |name: &str| json[name].as_i64();
    let small = |name: &str| number(name).and_then(|n| u32::try_from(n).ok());
    Message {
        seq: small("MsgSeq").and_then(Seq::new),
        time: number("MsgTimeStamp").and_then(Timestamp::new),
        sender: json["From_Account"]
            .as_str()
            .filter(|id| !id.is_empty())
            .map(UserId::new),
        state: match number("IsPlaceMsg") {
            Some(1) => ItemState::Gone,
            Some(2) => ItemState::Recalled,
            _ => ItemState::Present,
        },
        system: number("IsSystemMsg") == Some(1),
        random: small("MsgRandom"),
        priority: number("MsgPriority"),
        repaired: raw.contains("\\ud83d\""),
        raw: Raw::from(raw),
    }
}

/// What the reader has: a pane and its size.
pub(crate) struct Pane {
    pub(crate) detail: Detail,
    width: u16,
    height: u16,
    keys: Keymap,
    zone: Zone,
}

impl Pane {
    pub(crate) fn new(width: u16, height: u16) -> Self {
        Self {
            detail: Detail::default(),
            width,
            height,
            keys: Keymap::default(),
            zone: Zone::parse("+08:00", &Zone::utc()).expect("a zone"),
        }
    }

    /// The terminal, or the zoom, has changed.
    pub(crate) fn resize(&mut self, width: u16, height: u16) {
        (self.width, self.height) = (width, height);
    }

    pub(crate) fn lay_out(&mut self, subject: &Subject<'_>) -> Laid {
        self.lay_out_with(subject, &|user| {
            (user.as_str() == "agent_li").then(|| Clean::from("小李"))
        })
    }

    pub(crate) fn lay_out_with(
        &mut self,
        subject: &Subject<'_>,
        name_of: &dyn Fn(&UserId) -> Option<Clean>,
    ) -> Laid {
        let frame = Frame {
            zone: &self.zone,
            name_of,
            keys: &self.keys,
            width: self.width,
            height: self.height,
            ascii: false,
            now: Timestamp::new(1_800_000_000),
        };
        self.detail.lay_out(subject, &frame)
    }

    pub(crate) fn show(&mut self, message: &Message) -> Laid {
        self.lay_out(&only(message))
    }

    /// Acts and shows.
    pub(crate) fn after(&mut self, message: &Message, actions: &[Action]) -> Laid {
        let mut laid = self.show(message);
        for action in actions {
            self.detail.act(*action);
            laid = self.show(message);
        }
        laid
    }
}

pub(crate) fn shown(message: &Message) -> Shown<'_> {
    Shown {
        message,
        state: match message.state {
            ItemState::Present => SeqState::Present,
            ItemState::Gone => SeqState::Gone,
            ItemState::Recalled => SeqState::Recalled,
            ItemState::Unreadable(_) => SeqState::Unreadable,
        },
        first: None,
        strays: &[],
        as_of: None,
    }
}

pub(crate) fn only(message: &Message) -> Subject<'_> {
    Subject::Message(shown(message))
}

fn mark(row: &Row) -> char {
    match (row.selected, row.gutter) {
        (true, _) => '>',
        (false, Gutter::Element) => '*',
        (false, _) => ' ',
    }
}

/// Title and rows as text: `*` where an element begins, `>` where the chosen one does.
pub(crate) fn text(laid: &Laid) -> String {
    let mut out = format!("== {}\n", laid.title.text());
    for row in &laid.rows {
        out.push_str(format!("{} {}", mark(row), row.line.text()).trim_end());
        out.push('\n');
    }
    if laid.more_above + laid.more_below > 0 {
        let (above, below) = (laid.more_above, laid.more_below);
        out.extend([format!(
            "({above} above, {below} below)
"
        )]);
    }
    out
}

/// All messages of a sample, one below another, in full.
pub(crate) fn whole(name: &str, width: u16) -> String {
    let mut pane = Pane::new(width, 500);
    let laid = sample(name).iter().map(|m| text(&pane.show(m))).collect();
    let laid: Vec<String> = laid;
    laid.join("\n")
}
