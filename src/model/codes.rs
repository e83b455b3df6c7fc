//! The code table: what an `ErrorCode` means and what to do about it, from `assets/error_codes.toml`.

use super::error::Remedy;

/// What the program may do about `code`; unknown codes are shown and not retried.
#[must_use]
pub fn remedy(code: u32) -> Remedy {
    let _ = code;
    Remedy::Permanent
}

/// The meaning in one phrase; `None` for a code the documentation does not know.
#[must_use]
pub fn meaning(code: u32) -> Option<&'static str> {
    let _ = code;
    None
}

/// What the reader can do next.
#[must_use]
pub fn advice(code: u32) -> &'static str {
    let _ = code;
    ""
}
