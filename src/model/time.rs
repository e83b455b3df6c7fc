//! STUB, to be overwritten: only what configuration calls.

/// Stub.
#[derive(Debug, Clone)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// Stub.
    ///
    /// # Errors
    /// Stub.
    pub fn parse(name: &str) -> Result<Self, String> {
        jiff::tz::TimeZone::get(name)
            .map(Self)
            .map_err(|_| "expected a zone of the tz database".to_owned())
    }
}
