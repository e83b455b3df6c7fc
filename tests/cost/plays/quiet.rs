//! Nothing happens.

use std::time::Duration;

use super::scroll::Reader;
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
