//! Painted screens one after another, kept in one file.

use tim_history::app::view::Pane;
use tim_history::ui;

use crate::harness::Harness;

/// The two sizes at which everything is looked at.
pub(super) const SIZES: [(u16, u16); 2] = [(80, 24), (160, 48)];

/// Frames with captions.
#[derive(Default)]
pub(super) struct Film {
    frames: String,
}

impl Film {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds the whole screen as it is now.
    pub(super) fn frame(&mut self, caption: &str, t: &Harness) {
        let hash = ui::style_hash(&t.painted());
        self.add(&format!("{caption} · styles {hash}"), &t.paint());
    }

    /// Adds one pane as it is now.
    pub(super) fn pane(&mut self, caption: &str, pane: Pane, t: &Harness) {
        self.add(caption, &t.paint_of(pane));
    }

    /// Fails unless each of these was on a screen.
    pub(super) fn has(&self, words: &[&str]) {
        for word in words {
            assert!(self.frames.contains(word), "{word}:\n{}", self.frames);
        }
    }

    fn add(&mut self, caption: &str, text: &str) {
        for piece in ["=== ", caption, "\n", text, "\n"] {
            self.frames.push_str(piece);
        }
    }

    /// Compares with the file of this name.
    pub(super) fn keep(self, name: &str) {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!(name, self.frames);
        });
    }
}
