//! The emergency stop: after an error of the credentials family nothing is sent
//! until somebody says so, because failed checks lock the account out (70050).

use std::time::{Duration, Instant};

use crate::model::codes;
use crate::model::error::{Fault, Remedy};

/// "Wait a minute" (api-facts 1.13).
const SILENCE: Duration = Duration::from_mins(1);

/// Too many failed checks of UserSigs.
const LOCKED_OUT: u32 = 70_050;

/// Why nothing is sent at the moment. Pure: it is told what time it is.
#[derive(Debug, Default)]
pub(super) struct Stop {
    /// An error of the credentials family, until somebody says to go on.
    cause: Option<Fault>,
    /// After 70050, whatever anybody says.
    silence: Option<(Instant, Fault)>,
    /// Counts the resumptions, so that a late reply does not stop what was resumed after it left.
    epoch: u64,
}

impl Stop {
    /// The life in which a call leaves now, or why it may not leave.
    pub(super) fn open(&self, now: Instant) -> Result<u64, Fault> {
        let silence = self.silence.as_ref().filter(|(until, _)| now < *until);
        match self.cause.as_ref().or(silence.map(|(_, fault)| fault)) {
            Some(fault) => Err(fault.clone()),
            None => Ok(self.epoch),
        }
    }

    /// How much of the silence is left.
    pub(super) fn silent_for(&self, now: Instant) -> Option<Duration> {
        let (until, _) = self.silence.as_ref()?;
        until
            .checked_duration_since(now)
            .filter(|left| !left.is_zero())
    }

    /// A call that left in `epoch` ended with `fault`.
    pub(super) fn note(&mut self, fault: &Fault, epoch: u64, now: Instant) {
        let Fault::Service { code, .. } = fault else {
            return;
        };
        if codes::remedy(*code) != Remedy::Credentials {
            return;
        }
        if *code == LOCKED_OUT {
            self.silence = Some((now + SILENCE, fault.clone()));
        }
        if self.epoch == epoch {
            self.cause.get_or_insert_with(|| fault.clone());
        }
    }

    /// Somebody mended the setting, or wants to try again.
    pub(super) fn resume(&mut self) {
        self.cause = None;
        self.epoch += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Clean;

    fn service(code: u32) -> Fault {
        Fault::Service {
            code,
            info: Clean::default(),
        }
    }

    #[test]
    fn only_the_credentials_family_stops() {
        let now = Instant::now();
        let mut stop = Stop::default();
        for fault in [
            service(10_002),
            service(60_007),
            service(60_021),
            Fault::TooLarge,
        ] {
            stop.note(&fault, 0, now);
            assert_eq!(stop.open(now), Ok(0));
        }
        stop.note(&service(70_009), 0, now);
        assert_eq!(stop.open(now), Err(service(70_009)));
        stop.resume();
        assert_eq!(stop.open(now), Ok(1));
    }

    #[test]
    fn a_late_reply_does_not_stop_what_was_resumed() {
        let now = Instant::now();
        let mut stop = Stop::default();
        stop.note(&service(70_001), 0, now);
        stop.resume();
        stop.note(&service(70_001), 0, now);
        assert_eq!(stop.open(now), Ok(1));
        stop.note(&service(70_001), 1, now);
        assert_eq!(stop.open(now), Err(service(70_001)));
    }

    #[test]
    fn a_lock_out_is_sat_out_in_silence() {
        let now = Instant::now();
        let mut stop = Stop::default();
        stop.note(&service(70_050), 0, now);
        stop.resume();
        let late = now + Duration::from_secs(59);
        assert_eq!(stop.open(late), Err(service(70_050)));
        assert_eq!(stop.silent_for(late), Some(Duration::from_secs(1)));
        let over = now + SILENCE;
        assert_eq!((stop.open(over), stop.silent_for(over)), (Ok(1), None));
    }
}
