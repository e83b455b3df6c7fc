//! A scroll costs its new rows and little more.

use crate::SIZES;
use crate::plays::scroll;

#[test]
fn a_scroll_of_the_zoomed_pane_costs_its_new_rows() {
    for size in SIZES {
        for cost in scroll::zoomed(size) {
            assert!(cost.bytes <= cost.allowed, "{size:?}: {cost:?}");
        }
    }
}

#[test]
fn a_scroll_with_panes_beside_costs_a_fifth_of_what_ratatui_takes() {
    for size in SIZES {
        let (ours, stock) = scroll::beside(size);
        assert!(ours * 5 <= stock, "{size:?}: {ours} against {stock}");
    }
}
