//! How most cases go: somebody reads, the fault strikes, and it ends.

use crate::fault::Fault;
use crate::front::HISTORY;
use crate::visit::Visit;

/// More pages up than there are.
const UP: usize = 12;

/// Pages fail; the reader is told, and `r` mends it when the fault is over.
pub(crate) fn fails(fault: &Fault, says: &[&str]) {
    let visit = Visit::settled();
    visit.front.strike(fault.clone(), Some(HISTORY));
    visit.to_the_gap();
    visit.holds(says, "");
}

/// Everything fails before the first picture.
pub(crate) fn fails_at_the_start(fault: &Fault, says: &[&str]) {
    let visit = Visit::begun_with(fault.clone(), None);
    visit.stands(says);
    visit.front.end_fault();
    visit.t.keys("r");
    visit.reads();
    visit.is_whole("");
    visit.leave();
}

/// Pages come, but otherwise than they should. `again` is pressed on each screen when
/// the fault is over: what a page left out is taken at its word until somebody asks again.
pub(crate) fn comes_otherwise(fault: &Fault, says: &[&str], again: &str) {
    let visit = Visit::settled();
    visit.front.strike(fault.clone(), Some(HISTORY));
    for _ in 0..UP {
        visit.t.keys("<pageup>");
        visit.settle();
        visit.is_in_order();
    }
    assert!(visit.front.pages().iter().any(|page| page.struck));
    visit.holds(says, again);
}

/// Everything but this command works: the reader is told of it, and can read.
pub(crate) fn fails_beside(fault: &Fault, command: &'static str, says: &str) {
    let visit = Visit::begun_with(fault.clone(), Some(command));
    visit.reads();
    visit.stands(&[command, says]);
    visit.is_whole("");
    visit.holds(&[], "");
}
