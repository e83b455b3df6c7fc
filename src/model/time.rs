//! STUB, to be overwritten: only what configuration calls.

/// Stub.
#[derive(Debug, Clone)]
pub struct Zone(pub jiff::tz::TimeZone);

impl Zone {
    /// Stub.
    ///
    /// # Errors
    /// Stub.
    pub fn parse(name: &str) -> Result<Self, BadZone> {
        jiff::tz::TimeZone::get(name).map(Self).map_err(|_| BadZone)
    }
}

/// Stub.
#[derive(Debug, thiserror::Error)]
#[error("expected a zone of the tz database")]
pub struct BadZone;
