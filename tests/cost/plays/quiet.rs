//! Nothing happens.

use std::time::Duration;

use super::scroll::{GROUP, Reader};
use crate::meter::{Spent, rest};

pub(crate) struct Quiet {
    pub(crate) bytes: usize,
    pub(crate) spent: Spent,
}

/// So long without a key or a message, with whatever the reader has loaded.
pub(crate) fn quiet(reader: &Reader, time: Duration) -> Quiet {
    rest(&reader.t);
    let (stood, before) = (reader.t.raw().len(), Spent::so_far(&reader.t));
    std::thread::sleep(time);
    Quiet {
        spent: Spent::so_far(&reader.t).since(before),
        bytes: reader.t.raw().len() - stood,
    }
}

/// How often it is looked whether the service was asked.
const LOOK: Duration = Duration::from_millis(20);

/// The newest messages are followed: one comes with the first poll, the next poll brings
/// nothing. What that one costs a reader at the newest of 5,000 messages.
pub(crate) fn following(reader: &Reader) -> Quiet {
    let t = &reader.t;
    reader.service.change(|world| {
        let group = world.group_mut(GROUP).expect("it is there");
        group.grow(1);
    });
    t.keys("F");
    t.shows(&["5,001 of 5,001"]);
    rest(t);
    let (stood, before) = (t.raw().len(), Spent::so_far(t));
    let asked = reader.service.calls().len();
    while reader.service.calls().len() == asked {
        std::thread::sleep(LOOK);
    }
    rest(t);
    Quiet {
        spent: Spent::so_far(t).since(before),
        bytes: t.raw().len() - stood,
    }
}
