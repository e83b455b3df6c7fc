//! Which calls go wrong on purpose.

use super::knobs::Knobs;

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Hang,
    BadGateway,
    Code(u32),
    Cut,
}

/// Counts the calls that could go wrong.
#[derive(Debug, Default)]
pub(super) struct Faults {
    calls: u32,
}

impl Faults {
    /// The fault of the next call, if it is its turn.
    pub(super) fn next(&mut self, knobs: &Knobs, command: &str) -> Option<Fault> {
        if knobs.only.as_deref().is_some_and(|only| only != command) {
            return None;
        }
        self.calls = self.calls.wrapping_add(1);
        let turn =
            |every: Option<u32>| every.is_some_and(|n| n > 0 && self.calls.is_multiple_of(n));
        if knobs.hang {
            return Some(Fault::Hang);
        }
        if turn(knobs.http_502_every) {
            return Some(Fault::BadGateway);
        }
        if turn(knobs.cut_body_every) {
            return Some(Fault::Cut);
        }
        if let Some(code) = knobs.fail_always {
            return Some(Fault::Code(code));
        }
        let (every, code) = knobs.fail_every?;
        turn(Some(every)).then_some(Fault::Code(code))
    }

    /// Counts anew: turning a knob makes "every n-th" begin there.
    pub(super) fn restart(&mut self) {
        self.calls = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_third_call_of_one_command_fails() {
        let knobs = Knobs {
            fail_every: Some((3, 10_002)),
            only: Some("a".to_owned()),
            ..Knobs::default()
        };
        let mut faults = Faults::default();
        let struck: Vec<bool> = ["a", "a", "b", "b", "a", "a", "a", "a"]
            .iter()
            .map(|command| faults.next(&knobs, command) == Some(Fault::Code(10_002)))
            .collect();
        assert_eq!(
            struck,
            [false, false, false, false, true, false, false, true]
        );
    }
}
