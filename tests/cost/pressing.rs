//! Keys that come faster than pictures, no keys at all, and the first picture.

use std::time::Duration;

use crate::SIZES;
use crate::plays::burst::{burst, stall};
use crate::plays::opening::opening;
use crate::plays::quiet::{following, quiet};
use crate::plays::scroll::Reader;

/// What a terminal's line in the kernel holds at most: a pty's buffer and what our
/// reader had taken already.
const HELD: usize = 2 * 65_536;

/// A row of a page may cost so much beside its text, and a page once more.
const ROW: usize = 24;
const PAGE: usize = 72;

/// The goal is two in a release. A build that is not optimised takes longer for the
/// keys than the 33 ms after which the loop shows a picture in any case.
const FRAMES: u64 = if cfg!(debug_assertions) { 6 } else { 2 };

#[test]
fn three_hundred_keys_at_once_are_few_pictures() {
    for size in SIZES {
        let burst = burst(size);
        assert!(
            burst.frames <= FRAMES,
            "{size:?}: {} pictures",
            burst.frames
        );
        let page = burst.page + ROW * burst.rows + PAGE;
        let pages = page * usize::try_from(burst.frames).expect("few");
        assert!(burst.bytes <= pages, "{size:?}: {} bytes", burst.bytes);
    }
}

#[test]
fn what_nobody_took_for_a_while_is_not_sent_later() {
    let stall = stall((120, 40));
    let page = stall.page + ROW * stall.rows + PAGE;
    assert!(stall.bytes <= HELD + page, "{} bytes", stall.bytes);
    // Far less than the pictures that were painted: the allocator's own breathing.
    assert!(stall.memory <= 2_048, "{} KiB more", stall.memory);
}

#[test]
fn silence_costs_nothing() {
    let reader = Reader::open(5_000, (120, 40));
    let quiet = quiet(&reader, Duration::from_secs(5));
    assert_eq!(quiet.bytes, 0);
    assert!(quiet.spent.ticks <= 1, "{:?}", quiet.spent);
    // A minute of ten may take sixty: one each ten seconds.
    assert!(quiet.spent.wakes <= 1, "{:?}", quiet.spent);
}

#[test]
fn a_poll_that_brings_nothing_writes_nothing() {
    let reader = Reader::open(5_000, (120, 40));
    let poll = following(&reader);
    assert_eq!(poll.bytes, 0);
}

#[test]
fn the_newest_messages_take_one_call_and_no_question() {
    for size in SIZES {
        let opening = opening(size);
        assert!(opening.questions.is_empty(), "{:?}", opening.questions);
        let first = opening.calls.first().expect("a call");
        assert_eq!(first.command, "group_msg_get_simple");
    }
}
