//! A page on the terminal's own screen, between two of our pictures: the terminal
//! wraps it, keeps it in its scrollback and lets the mouse select it.
//!
//! Keys are read as before and paste brackets stay on, so that a paste that goes
//! astray here is no row of keys. Mouse reports are off.

use super::{MOUSE_OFF, MOUSE_ON, Terminal};
use crate::model::copyable::Copyable;

/// Looks and region undone, cursor shown, our screen left. The region goes first:
/// undoing it moves the cursor, which leaving the screen puts back.
const OUT: &[u8] = b"\x1b[m\x1b[r\x1b[?25h\x1b[?1049l";
/// What stands below the page.
const HOW: &str = "-- any key goes back --";
/// That line erased: the next page, or the shell, goes on there.
const ERASE: &[u8] = b"\r\x1b[K";
/// Our screen again.
const BACK: &[u8] = b"\x1b[?25l\x1b[?1049h";

/// Everything undone from where a page stands. Unlike the usual way out it does not
/// put the cursor back to where the program began, which would be above the page;
/// where the page has not been written yet, it leaves our screen all the same.
pub(super) const LEAVE_PAGE: &[u8] =
    b"\r\x1b[K\x1b[m\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?1007r\x1b[?25h\x1b[?47l";
/// Before that where a picture was cut off, which may have set a region.
pub(super) const NO_REGION: &[u8] = b"\x1b7\x1b[r\x1b8";

impl Terminal {
    /// What to send to show `page` until [`no_page`](Self::no_page).
    #[must_use]
    pub fn page(page: &Copyable) -> Vec<u8> {
        // The terminal is raw: a newline only goes down.
        let text = page.as_str().trim_end_matches('\n').replace('\n', "\r\n");
        [MOUSE_OFF, OUT, text.as_bytes(), b"\r\n", HOW.as_bytes()].concat()
    }

    /// What to send to come back to our screen, which must be painted anew.
    #[must_use]
    pub fn no_page(mouse: bool) -> Vec<u8> {
        [ERASE, BACK, if mouse { MOUSE_ON } else { b"" }].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::clean;

    #[test]
    fn a_page_is_lines_of_text_outside_of_our_screen() {
        let page = Copyable::from(clean("one\ntwo\x1b[2J\n"));
        let sent = Terminal::page(&page);
        let text = b"\x1b[?1006l\x1b[?1000l\x1b[m\x1b[r\x1b[?25h\x1b[?1049l\
            one\r\ntwo^[[2J\r\n-- any key goes back --";
        assert_eq!(
            sent.escape_ascii().to_string(),
            text.escape_ascii().to_string()
        );
        assert_eq!(Terminal::no_page(false), b"\r\x1b[K\x1b[?25l\x1b[?1049h");
        assert!(Terminal::no_page(true).ends_with(MOUSE_ON));
    }
}
