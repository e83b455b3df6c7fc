//! A node as JSON, for other programs.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::arena::{Holding, Kind};
use super::node::{Label, Node};
use super::wire;

/// What is still to be written.
enum Task<'p> {
    Node(Node<'p>),
    Key(String),
    Words(&'static str),
}

/// No app names a key like that.
const DAMAGE: &str = "(damage)";

impl Node<'_> {
    /// The node as valid JSON on one line, through all its layers, by the best reading.
    ///
    /// Numbers keep their spelling, and protobuf numbers are unsigned; fields have
    /// their number as key, repeated ones are arrays; bytes are hex. Damage is a member
    /// `(damage)` with the place, the reason and the tail. Not sanitised.
    #[must_use]
    pub fn to_json(self) -> String {
        let mut out = String::new();
        let mut tasks = vec![Task::Node(self)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Words(words) => out.push_str(words),
                Task::Key(key) => {
                    out.push_str(&string(&key));
                    out.push(':');
                }
                Task::Node(node) => {
                    let from = tasks.len();
                    write(node, &mut out, &mut tasks);
                    if let Some(new) = tasks.get_mut(from..) {
                        new.reverse();
                    }
                }
            }
        }
        out
    }
}

/// Writes what is plain, and pushes what is to follow in its order.
fn write<'p>(node: Node<'p>, out: &mut String, tasks: &mut Vec<Task<'p>>) {
    match node.kind() {
        Kind::Object => members(node, tasks),
        Kind::Array => {
            tasks.push(Task::Words("["));
            for (at, item) in node.children().enumerate() {
                if at > 0 {
                    tasks.push(Task::Words(","));
                }
                if item.is_damage() {
                    tasks.push(Task::Words("{"));
                    tasks.push(Task::Key(DAMAGE.to_owned()));
                    tasks.push(Task::Node(item));
                    tasks.push(Task::Words("}"));
                } else {
                    tasks.push(Task::Node(item));
                }
            }
            tasks.push(Task::Words("]"));
        }
        Kind::Message | Kind::Group | Kind::Delimited(Holding::Message) => fields(node, tasks),
        Kind::Number | Kind::Word => out.push_str(&node.text().unwrap_or_default()),
        Kind::Varint => {
            let value = wire::varint(node.bytes()).map_or(0, |(value, _)| value);
            let _ = write!(out, "{value}");
        }
        Kind::Fixed32 | Kind::Fixed64 => {
            let value = node
                .bytes()
                .iter()
                .rev()
                .fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
            let _ = write!(out, "{value}");
        }
        Kind::String
        | Kind::Text
        | Kind::Choice
        | Kind::Layer(_)
        | Kind::Delimited(Holding::Readings | Holding::Text) => match node.best() {
            Some(best) => tasks.push(Task::Node(best)),
            None => out.push_str(&string(&node.text().unwrap_or_default())),
        },
        Kind::Bytes | Kind::Delimited(Holding::Bytes) => out.push_str(&hex(node.bytes())),
        Kind::Damage(why) => {
            let (at, tail) = (node.whole().range.start, hex(node.bytes()));
            let why = string(&why.to_string());
            let _ = write!(out, r#"{{"at":{at},"why":{why},"tail":{tail}}}"#);
        }
    }
}

fn members<'p>(node: Node<'p>, tasks: &mut Vec<Task<'p>>) {
    tasks.push(Task::Words("{"));
    for (at, member) in node.children().enumerate() {
        if at > 0 {
            tasks.push(Task::Words(","));
        }
        let key = match member.label() {
            Label::Key(key) => key.into_owned(),
            Label::Nothing | Label::Index(_) | Label::Field(_) | Label::Reading | Label::Tail => {
                DAMAGE.to_owned()
            }
        };
        tasks.push(Task::Key(key));
        tasks.push(Task::Node(member));
    }
    tasks.push(Task::Words("}"));
}

/// In the order in which the numbers come first; a doubled key would lose a value elsewhere.
fn fields<'p>(node: Node<'p>, tasks: &mut Vec<Task<'p>>) {
    let mut groups: Vec<(String, Vec<Node<'p>>)> = Vec::new();
    let mut known: HashMap<Option<u32>, usize> = HashMap::new();
    for field in node.children() {
        let number = match field.label() {
            Label::Field(number) => Some(number),
            Label::Nothing | Label::Key(_) | Label::Index(_) | Label::Reading | Label::Tail => None,
        };
        let at = *known.entry(number).or_insert_with(|| {
            let key = number.map_or_else(|| DAMAGE.to_owned(), |number| number.to_string());
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, fields)) = groups.get_mut(at) {
            fields.push(field);
        }
    }
    tasks.push(Task::Words("{"));
    for (at, (key, fields)) in groups.into_iter().enumerate() {
        if at > 0 {
            tasks.push(Task::Words(","));
        }
        tasks.push(Task::Key(key));
        let several = fields.len() > 1;
        if several {
            tasks.push(Task::Words("["));
        }
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                tasks.push(Task::Words(","));
            }
            tasks.push(Task::Node(field));
        }
        if several {
            tasks.push(Task::Words("]"));
        }
    }
    tasks.push(Task::Words("}"));
}

fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2 + 2);
    out.push('"');
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out.push('"');
    out
}
