//! The first fields of what has no words of its own.

use std::fmt::Write as _;

use super::super::arena::{Holding, Kind};
use super::super::line::quoted;
use super::super::node::{Label, Node};
use super::super::scalar::Meaning;

/// Fields in a line.
const MOST: usize = 6;

/// Characters of a text in it.
const LONGEST: usize = 60;

/// `key: value, key: value`.
pub(super) fn of_object(node: Node<'_>) -> String {
    if node.children().next().is_none() {
        return "{}".to_owned();
    }
    listed(node)
}

/// `1: 1, 2: 6, 3: "MaoTon" (damaged)`.
pub(super) fn of_message(node: Node<'_>) -> String {
    listed(node)
}

fn listed(node: Node<'_>) -> String {
    let mut out = String::new();
    let mut fields = node.children().filter(|child| !child.is_damage());
    for (at, field) in fields.by_ref().take(MOST).enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        // Writing to a String cannot fail.
        let _ = match field.label() {
            Label::Key(key) => write!(out, "{key}: "),
            Label::Field(number) => write!(out, "{number}: "),
            Label::Nothing | Label::Index(_) | Label::Reading | Label::Tail => Ok(()),
        };
        out.push_str(&value(field.unpacked()));
    }
    if fields.next().is_some() {
        out.push_str(", ...");
    }
    let is_broken = node.children().last().is_some_and(Node::is_damage);
    if is_broken {
        out.push_str(if out.is_empty() {
            "(damaged)"
        } else {
            " (damaged)"
        });
    }
    out
}

/// A value on its own: texts with quotes, containers by their size.
pub(super) fn value(node: Node<'_>) -> String {
    match node.kind() {
        Kind::String | Kind::Text | Kind::Delimited(Holding::Text) => {
            quoted(&node.text().unwrap_or_default(), LONGEST)
        }
        Kind::Number | Kind::Word => node.text().unwrap_or_default().into_owned(),
        Kind::Varint | Kind::Fixed32 | Kind::Fixed64 => match node.meanings(None).first() {
            Some(Meaning::Unsigned(value)) => value.to_string(),
            Some(_) | None => String::new(),
        },
        Kind::Object | Kind::Message | Kind::Group | Kind::Delimited(Holding::Message) => {
            if node.children().next().is_none() {
                "{}"
            } else {
                "{...}"
            }
            .to_owned()
        }
        Kind::Array => match node.children().count() {
            0 => "[]".to_owned(),
            count => format!("[{count}]"),
        },
        Kind::Bytes
        | Kind::Delimited(Holding::Bytes | Holding::Readings)
        | Kind::Layer(_)
        | Kind::Choice
        | Kind::Damage(_) => format!("{} bytes", node.bytes().len()),
    }
}
