//! OSC 52, the sequence that hands a text to the terminal's clipboard, and what
//! has to stand around it so that it gets there. Pure, and tested byte by byte.
//!
//! Reports on how these bytes have to look contradict each other. Those for tmux
//! were seen to pass 3.3a with `allow-passthrough on`, and to arrive as sent, at the
//! largest size, too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::event::Wrapping;

/// The most bytes of text that go this way: some terminals drop a sequence of more
/// than 100,000 bytes, and this many give one of exactly that.
pub(super) const LARGEST: usize = 74_994;

/// GNU screen drops a string longer than its buffer, 256 bytes in old versions.
const PIECE: usize = 240;

const ESC: u8 = 0x1b;

/// The bytes for the terminal. Whether `text` is too long for it is asked before.
pub(super) fn bytes(text: &str, wrapping: &Wrapping) -> Vec<u8> {
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text)).into_bytes();
    match wrapping {
        Wrapping::Plain => plain,
        Wrapping::Tmux => {
            let mut wrapped = b"\x1bPtmux;".to_vec();
            for byte in plain {
                if byte == ESC {
                    wrapped.push(ESC);
                }
                wrapped.push(byte);
            }
            wrapped.extend(b"\x1b\\");
            wrapped
        }
        Wrapping::Screen => plain
            .chunks(PIECE)
            .flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, wrapping: &Wrapping) -> String {
        String::from_utf8(bytes(text, wrapping)).expect("ASCII")
    }

    #[test]
    fn plain_is_the_sequence_alone() {
        let plain = |t| text(t, &Wrapping::Plain);
        assert_eq!(plain("hello"), "\x1b]52;c;aGVsbG8=\x07");
        assert_eq!(plain("hi\n"), "\x1b]52;c;aGkK\x07");
        assert_eq!(plain("é全😀"), "\x1b]52;c;w6nlhajwn5iA\x07");
        assert_eq!(plain(""), "\x1b]52;c;\x07");
    }

    #[test]
    fn for_tmux_each_inner_escape_is_doubled() {
        let tmux = |t| text(t, &Wrapping::Tmux);
        assert_eq!(tmux("hello"), "\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\x07\x1b\\");
        assert_eq!(tmux(""), "\x1bPtmux;\x1b\x1b]52;c;\x07\x1b\\");
        assert_eq!(
            tmux("é全😀"),
            "\x1bPtmux;\x1b\x1b]52;c;w6nlhajwn5iA\x07\x1b\\"
        );
    }

    #[test]
    fn for_screen_a_short_text_is_one_piece() {
        let screen = |t| text(t, &Wrapping::Screen);
        assert_eq!(screen("hello"), "\x1bP\x1b]52;c;aGVsbG8=\x07\x1b\\");
        assert_eq!(screen(""), "\x1bP\x1b]52;c;\x07\x1b\\");
    }

    #[test]
    fn for_screen_pieces_end_at_240_bytes() {
        // Seven bytes before the base64 and one behind it; three bytes make four.
        // 174 make exactly one piece of 240, which three bytes more overflow.
        let a = |n: usize| "QUFB".repeat(n);
        assert_eq!(
            text(&"A".repeat(174), &Wrapping::Screen),
            format!("\x1bP\x1b]52;c;{}\x07\x1b\\", a(58))
        );
        assert_eq!(
            text(&"A".repeat(175), &Wrapping::Screen),
            format!("\x1bP\x1b]52;c;{}Q\x1b\\\x1bPQ==\x07\x1b\\", a(58))
        );
        for length in 0..2_000 {
            let sent = bytes(&"A".repeat(length), &Wrapping::Screen);
            let sent = String::from_utf8(sent).expect("ASCII");
            let inner = sent
                .strip_prefix("\x1bP")
                .and_then(|s| s.strip_suffix("\x1b\\"));
            let pieces: Vec<_> = inner.expect("wrapped").split("\x1b\\\x1bP").collect();
            let (last, full) = pieces.split_last().expect("one at least");
            assert!(full.iter().all(|piece| piece.len() == PIECE), "{length}");
            assert!((1..=PIECE).contains(&last.len()), "{length}");
            assert_eq!(
                pieces.concat(),
                text(&"A".repeat(length), &Wrapping::Plain),
                "{length}"
            );
        }
    }

    #[test]
    fn the_largest_text_makes_a_sequence_of_100_000_bytes() {
        let largest = bytes(&"x".repeat(LARGEST), &Wrapping::Plain);
        assert_eq!(largest.len(), 100_000);
        // One byte more begins another four.
        let over = bytes(&"x".repeat(LARGEST + 1), &Wrapping::Plain);
        assert_eq!(over.len(), 100_004);
    }
}
