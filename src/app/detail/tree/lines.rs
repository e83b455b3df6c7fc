//! The nodes of a tree as rows.

use super::{Place, Tree, has_children};
use crate::app::detail::sheet::Writer;
use crate::app::line::{Line, Role};
use crate::app::view::Gutter;
use crate::model::payload::{self, Label, Node};
use crate::model::text;

/// Cells by which one level stands right of the one before.
const STEP: usize = 2;

pub(super) fn write(tree: &Tree, writer: &mut Writer<'_>) {
    if tree.shown.is_empty() {
        writer.say(Role::Dim, "(nothing to decode)");
    }
    for &place in &tree.shown {
        let Some(node) = tree.node(place) else {
            continue;
        };
        writer.open_stop();
        let line = line(tree, (place, node), writer);
        // Deep ones are drawn at half the width, however deep they are.
        let indent = (node.depth() * STEP).min(writer.width() / 2);
        let mut indented = Line::new();
        indented.pad_to(indent);
        indented.append(line);
        writer.marked(Gutter::Plain, &indented, indent + 2 * STEP);
        writer.close_stop();
    }
}

fn line(tree: &Tree, (place, node): (Place, Node<'_>), writer: &Writer<'_>) -> Line {
    let mut line = Line::new();
    let frame = writer.frame;
    let mark = match (has_children(node), tree.is_open(place), frame.ascii) {
        (false, _, _) => "  ",
        (true, true, false) => "▾ ",
        (true, false, false) => "▸ ",
        (true, true, true) => "- ",
        (true, false, true) => "+ ",
    };
    line.say(Role::Dim, mark);
    let mut named = false;
    if node.label() == Label::Nothing {
        let trunk = tree.trunks.get(place.trunk);
        line.say(Role::Label, trunk.map_or("", |trunk| trunk.name));
        named = true;
    }
    let mut behind = false;
    for (role, words) in node.line(frame.zone, frame.now) {
        if behind {
            line.say(Role::Dim, " · ");
        } else if named {
            line.say(Role::Text, ": ");
        }
        behind = named;
        named = true;
        line.push(look(role), text::clean(&words).one_line());
    }
    line
}

const fn look(role: payload::Role) -> Role {
    match role {
        payload::Role::Key => Role::JsonKey,
        payload::Role::Number | payload::Role::Word => Role::JsonNumber,
        payload::Role::Text => Role::JsonString,
        payload::Role::Bytes => Role::Text,
        payload::Role::Note => Role::Dim,
        payload::Role::Damage => Role::Damaged,
    }
}
