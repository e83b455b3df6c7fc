//! View 4: what an app packed into a message, as trees that fold.
//!
//! Holds which nodes are folded and where the cursor is. What it shows is
//! decoded anew only where another message, element or forward is shown.

mod bytes;
mod lines;

pub(super) use bytes::Split;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::forward::Stop;
use super::sheet::Writer;
use crate::model::payload::{Label, Node, NodeId, Payload};

/// Lists longer than this begin folded: they would bury what stands behind them.
const LONG: usize = 50;

/// One text that was decoded.
#[derive(Debug, Clone)]
struct Trunk {
    /// Of the field it stands in.
    name: &'static str,
    payload: Arc<Payload>,
}

/// A node of one of the trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    trunk: usize,
    node: NodeId,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            trunk: 0,
            node: NodeId::ROOT,
        }
    }
}

/// What a payload was decoded from: the forwards gone into, and the element.
type Origin = (Vec<Stop>, Stop);

/// The trees of what is selected.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    of: Option<Origin>,
    trunks: Vec<Trunk>,
    /// Folded or unfolded by hand, where that is not how they begin.
    turned: BTreeSet<Place>,
    /// What is to be seen, from top to bottom.
    shown: Vec<Place>,
    /// The cursor, as an index into `shown`.
    at: usize,
}

impl Tree {
    /// Something else is shown, or the same with something new to say.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Whether it was decoded from this place already.
    pub(super) fn is_of(&self, path: &[Stop], stop: Stop) -> bool {
        let of = self.of.as_ref();
        of.is_some_and(|(known, at)| known.as_slice() == path && *at == stop)
    }

    /// Decodes the texts of a place, each with the name of its field.
    pub(super) fn decode(&mut self, of: Origin, texts: &[(&'static str, Cow<'_, str>)]) {
        let trunks = texts.iter().map(|(name, text)| Trunk {
            name,
            payload: Arc::new(Payload::of(text)),
        });
        *self = Self {
            of: Some(of),
            trunks: trunks.collect(),
            ..Self::default()
        };
        self.unfold();
    }

    fn node(&self, place: Place) -> Option<Node<'_>> {
        let trunk = self.trunks.get(place.trunk)?;
        Some(trunk.payload.node(place.node))
    }

    fn cursor(&self) -> Option<Place> {
        self.shown.get(self.at).copied()
    }

    fn chosen(&self) -> Option<Node<'_>> {
        self.node(self.cursor()?)
    }

    /// The number of the row's stop that the cursor is at.
    pub(super) const fn stop(&self) -> usize {
        self.at
    }

    /// The node at the cursor as JSON; nothing where there is no node.
    pub(super) fn json(&self) -> Option<String> {
        Some(self.chosen()?.to_json())
    }

    fn is_open(&self, place: Place) -> bool {
        let begins = self.node(place).is_some_and(begins_open);
        begins != self.turned.contains(&place)
    }

    /// Finds out what is to be seen.
    fn unfold(&mut self) {
        let mut shown = Vec::new();
        for (trunk, payload) in self.trunks.iter().map(|t| &t.payload).enumerate() {
            let mut open = vec![payload.root()];
            while let Some(node) = open.pop() {
                let place = Place {
                    trunk,
                    node: node.id(),
                };
                shown.push(place);
                if self.is_open(place) {
                    let from = open.len();
                    open.extend(node.children());
                    if let Some(children) = open.get_mut(from..) {
                        children.reverse();
                    }
                }
            }
        }
        self.shown = shown;
        self.at = self.at.min(self.shown.len().saturating_sub(1));
    }

    fn turn(&mut self, place: Place) {
        if !self.turned.remove(&place) {
            self.turned.insert(place);
        }
        self.unfold();
    }

    /// Folds or unfolds the node at the cursor; `false` for one with nothing below it.
    pub(super) fn fold(&mut self) -> bool {
        let place = self.cursor();
        let place = place.filter(|&place| self.node(place).is_some_and(has_children));
        if let Some(place) = place {
            self.turn(place);
        }
        place.is_some()
    }

    /// Unfolds the node at the cursor, or goes to what is below it; `true` where
    /// other rows are to be seen now.
    pub(super) fn inward(&mut self) -> bool {
        let Some(place) = self.cursor() else {
            return false;
        };
        let below = self.node(place).is_some_and(has_children);
        if below && !self.is_open(place) {
            self.turn(place);
            return true;
        }
        self.at += usize::from(below);
        false
    }

    /// Folds the node at the cursor, or goes to the one it hangs below.
    pub(super) fn outward(&mut self) -> Outward {
        let Some(place) = self.cursor() else {
            return Outward::Left;
        };
        let root = place.node == NodeId::ROOT;
        // At the root one means to leave, not to fold everything.
        if !root && self.node(place).is_some_and(has_children) && self.is_open(place) {
            self.turn(place);
            return Outward::Folded;
        }
        let parent = self.node(place).and_then(Node::parent);
        let Some(node) = parent.map(Node::id) else {
            return Outward::Left;
        };
        let above = Place { node, ..place };
        let at = self.shown.iter().position(|shown| *shown == above);
        self.at = at.unwrap_or(self.at);
        Outward::Moved
    }

    /// Goes to a stop, the last one at most.
    pub(super) fn go_to(&mut self, stop: usize) {
        self.at = stop.min(self.shown.len().saturating_sub(1));
    }

    /// Goes so many nodes down or up.
    pub(super) fn step(&mut self, nodes: usize, down: bool) {
        self.go_to(if down {
            self.at.saturating_add(nodes)
        } else {
            self.at.saturating_sub(nodes)
        });
    }

    /// Writes what is to be seen, each node as a stop.
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        lines::write(self, writer);
    }
}

/// What a step out of a tree did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outward {
    /// Other rows are to be seen.
    Folded,
    /// The cursor is elsewhere.
    Moved,
    /// It was at a root.
    Left,
}

fn has_children(node: Node<'_>) -> bool {
    node.children().next().is_some()
}

/// Of several readings only the best is open, and long lists are not.
fn begins_open(node: Node<'_>) -> bool {
    let is_other_reading = node.label() == Label::Reading
        && node
            .parent()
            .and_then(|parent| parent.children().next())
            .is_some_and(|first| first.id() != node.id());
    // What stands at the top buries nothing.
    let is_long = node.parent().is_some() && node.children().nth(LONG).is_some();
    !is_other_reading && !is_long
}
