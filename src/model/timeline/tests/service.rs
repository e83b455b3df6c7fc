//! A model of the service in both readings of its documentation, and the truth behind it.

use proptest::prelude::*;

use super::{item, seq};
use crate::model::ids::Seq;
use crate::model::message::{Ask, Finished, ItemState, Page};
use crate::model::text::Clean;
use crate::model::timeline::SeqState;

/// What `ReqMsgNumber` counts, which is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Messages.
    Messages,
    /// Seqs, whether or not there is something to give for them.
    Window,
}

/// What the service holds, and how it answers.
#[derive(Debug, Clone)]
pub(super) struct Service {
    pub(super) reading: Reading,
    /// Never more items than this in a reply: 1 to 20.
    pub(super) cut: usize,
    /// From seq 1 on; never `Unfetched`.
    pub(super) truth: Vec<SeqState>,
}

impl Service {
    pub(super) fn head(&self) -> Option<Seq> {
        u32::try_from(self.truth.len()).ok().and_then(Seq::new)
    }

    /// A page, newest first.
    pub(super) fn answer(&self, ask: Ask) -> Page {
        let count = ask.count.get() as usize;
        let top = ask.seq.map_or(self.truth.len(), |seq| seq.get() as usize);
        let line = self.truth.iter().enumerate().rev();
        let below = line
            .map(|(index, state)| (u32::try_from(index + 1).expect("short"), state))
            .filter(|(number, _)| *number as usize <= top);
        let given = |(number, state): (u32, &SeqState)| {
            let (state, text) = match state {
                SeqState::Present => (ItemState::Present, "present"),
                SeqState::Gone => (ItemState::Gone, "gone"),
                SeqState::Recalled => (ItemState::Recalled, "recalled"),
                SeqState::Unreadable => (ItemState::Unreadable("odd".into()), "odd"),
                SeqState::Withheld | SeqState::Unfetched => return None,
            };
            let mut item = item(Some(number), state, &format!("{text} {number}"));
            item.time = item.time.filter(|_| item.state != ItemState::Gone);
            Some(item)
        };
        let mut items: Vec<_> = match self.reading {
            Reading::Messages => below.filter_map(given).take(count).collect(),
            Reading::Window => below
                .filter(|(number, _)| *number as usize + count > top)
                .filter_map(given)
                .collect(),
        };
        let finished = if items.len() > self.cut {
            Finished::Cut
        } else {
            Finished::Whole
        };
        items.truncate(self.cut);
        Page {
            items,
            finished,
            info: Clean::default(),
        }
    }
}

fn given() -> impl Strategy<Value = SeqState> {
    prop_oneof![
        6 => Just(SeqState::Present),
        2 => Just(SeqState::Gone),
        1 => Just(SeqState::Recalled),
        1 => Just(SeqState::Unreadable),
        2 => Just(SeqState::Withheld),
    ]
}

/// Runs of every state, some of them longer than a page.
fn truth() -> impl Strategy<Value = Vec<SeqState>> {
    let length = prop_oneof![3 => 1usize..4, 1 => 15usize..70];
    prop::collection::vec((given(), length), 0..25).prop_map(|runs| {
        let runs = runs.into_iter();
        runs.flat_map(|(state, length)| std::iter::repeat_n(state, length))
            .collect()
    })
}

pub(super) fn service() -> impl Strategy<Value = Service> {
    let reading = prop_oneof![Just(Reading::Messages), Just(Reading::Window)];
    let cut = prop_oneof![2 => Just(20usize), 1 => 1usize..20];
    (reading, cut, truth()).prop_map(|(reading, cut, truth)| Service {
        reading,
        cut,
        truth,
    })
}

/// Something that happens in a group while it is read.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A page is asked for; the seq may lie above the head.
    Page(Option<Seq>, u32),
    /// The head is asked for.
    Head,
    /// New messages.
    Grow(usize),
    /// Another state from now on, somewhere.
    Change(prop::sample::Index, SeqState),
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (prop::option::of(1u32..160), 1u32..=20)
            .prop_map(|(number, count)| Step::Page(number.map(seq), count)),
        1 => Just(Step::Head),
        1 => (1usize..30).prop_map(Step::Grow),
        2 => (any::<prop::sample::Index>(), given())
            .prop_map(|(at, state)| Step::Change(at, state)),
    ];
    prop::collection::vec(step, 1..25)
}
