//! What may leave the program other than by its screen.

use regex::Regex;

/// What no text that leaves may hold but in an escape: control characters other than
/// newline and tab, format characters other than the joiners of scripts and emoji,
/// separators of lines.
const ACTS: &str = r"[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\n\t\x{200c}\x{200d}]]";

/// Panics where `text` would act on a terminal or on an eye.
pub(super) fn harmless(what: &str, text: &str) {
    let acts = Regex::new(ACTS).expect("a pattern");
    // CSV ends its records in CR LF.
    let text = text.replace("\r\n", "\n");
    if let Some(found) = acts.find(&text) {
        let near = text.get(found.start()..).unwrap_or_default();
        let near: String = near.chars().take(40).collect();
        panic!("{what}: {near:?}");
    }
}
