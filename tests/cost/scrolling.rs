//! A scroll costs its new rows and little more.

use crate::SIZES;
use crate::plays::scroll;

/// What the selection's two rows may cost beside their text: it is painted over the
/// whole width, so both are written anew. The goal is 72 bytes without that text.
const LOOKS: usize = 72;

#[test]
fn a_scroll_of_the_zoomed_pane_costs_its_new_rows() {
    for size in SIZES {
        for cost in scroll::zoomed(size) {
            let moves = ["k", "wheel"].contains(&cost.name);
            let looks = if moves { cost.selection + LOOKS } else { 0 };
            assert!(cost.bytes <= cost.allowed + looks, "{size:?}: {cost:?}");
        }
    }
}

#[test]
fn a_scroll_with_panes_beside_costs_less_than_ratatui_takes() {
    for size in SIZES {
        let (ours, stock) = scroll::beside(size);
        // The goal is a fifth; the detail that follows the selection is most of it.
        assert!(ours < stock, "{size:?}: {ours} against {stock}");
    }
}
