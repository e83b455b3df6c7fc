//! SHA-256, fed bit by bit.

use std::fmt::{self, Write as _};

use ring::digest::{Context, SHA256};

/// A hash under way.
#[derive(Clone)]
pub(super) struct Digest(Context);

impl Digest {
    pub(super) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Of all that was fed so far, in hex.
    pub(super) fn hex(&self) -> String {
        let mut text = String::new();
        for byte in self.0.clone().finish().as_ref() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}
