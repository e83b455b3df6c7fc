//! Which way a text takes to the clipboard. Pure: what tmux said is handed in.

use super::osc52::{self, LARGEST};
use crate::app::event::{Beyond, Hint, Route, Wrapping};
use crate::config::Surroundings;
use crate::model::text::Clean;

/// What tmux made of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is in a buffer, and was to be handed on.
    HandedOn,
    /// It is in a buffer; this tmux cannot be asked to hand it on.
    Kept,
    /// It is not, and why.
    Refused(Clean),
}

/// Whether so many bytes are sent to a terminal at all.
pub(super) fn is_sendable(bytes: usize) -> bool {
    bytes <= LARGEST
}

/// The way of a text of so many bytes; `answer` is that of the tmux around us,
/// `None` where there is none.
pub(super) fn choose(
    around: &Surroundings,
    bytes: usize,
    answer: Option<Answer>,
) -> (Route, Vec<Hint>) {
    let small = is_sendable(bytes);
    match answer {
        Some(Answer::HandedOn) => (Route::Tmux(Beyond::Asked), Vec::new()),
        Some(Answer::Kept) if small => (Route::Tmux(Beyond::Through), Vec::new()),
        Some(Answer::Kept) => (Route::Tmux(Beyond::TooLarge), Vec::new()),
        Some(Answer::Refused(why)) if small => (
            Route::Terminal(Wrapping::Tmux),
            vec![Hint::Passthrough, Hint::Refused(why)],
        ),
        Some(Answer::Refused(why)) => (Route::TooLarge, vec![Hint::Refused(why)]),
        None if !small => (Route::TooLarge, Vec::new()),
        None if around.screen => (Route::Terminal(Wrapping::Screen), Vec::new()),
        // After sudo or ssh there is still the name of what is around us, but no
        // way to ask it. Wrapped for the wrong one of the two it would be lost for
        // sure; tmux takes it unwrapped if told to.
        None if ["tmux", "screen"]
            .iter()
            .any(|m| around.term.starts_with(m)) =>
        {
            (Route::Terminal(Wrapping::Plain), vec![Hint::SetClipboard])
        }
        None => (Route::Terminal(Wrapping::Plain), Vec::new()),
    }
}

/// What is sent to the terminal for it, if anything.
pub(super) fn bytes(route: &Route, text: &str) -> Option<Vec<u8>> {
    match route {
        Route::Terminal(wrapping) => Some(osc52::bytes(text, wrapping)),
        Route::Tmux(Beyond::Through) => Some(osc52::bytes(text, &Wrapping::Tmux)),
        Route::Tmux(Beyond::Asked | Beyond::TooLarge) | Route::TooLarge => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(tmux: bool, screen: bool, term: &str) -> Surroundings {
        Surroundings {
            tmux,
            screen,
            term: term.to_owned(),
            ..Surroundings::default()
        }
    }

    #[test]
    fn without_tmux_the_surroundings_choose_the_wrapping() {
        use Wrapping::{Plain, Screen};
        let hint = || vec![Hint::SetClipboard];
        let cases = [
            (around(false, false, "xterm-256color"), Plain, vec![]),
            (around(false, false, ""), Plain, vec![]),
            (around(false, true, "screen.xterm-256color"), Screen, vec![]),
            (around(false, true, "xterm"), Screen, vec![]),
            (around(false, false, "tmux-256color"), Plain, hint()),
            (around(false, false, "screen-256color"), Plain, hint()),
            (around(false, false, "screen"), Plain, hint()),
        ];
        for (around, wrapping, hints) in cases {
            assert_eq!(
                choose(&around, LARGEST, None),
                (Route::Terminal(wrapping), hints),
                "{around:?}"
            );
            assert_eq!(
                choose(&around, LARGEST + 1, None),
                (Route::TooLarge, vec![]),
                "{around:?}"
            );
        }
    }

    #[test]
    fn inside_tmux_its_answer_decides() {
        // Started by a screen that runs inside it, or the other way round: tmux is
        // asked first, and it knows.
        let around = around(true, true, "screen");
        let why = || Answer::Refused("no server".into());
        let refused = || Hint::Refused("no server".into());
        let cases = [
            (
                Answer::HandedOn,
                LARGEST,
                Route::Tmux(Beyond::Asked),
                vec![],
            ),
            (Answer::Kept, LARGEST, Route::Tmux(Beyond::Through), vec![]),
            (
                Answer::Kept,
                LARGEST + 1,
                Route::Tmux(Beyond::TooLarge),
                vec![],
            ),
            (
                why(),
                LARGEST,
                Route::Terminal(Wrapping::Tmux),
                vec![Hint::Passthrough, refused()],
            ),
            (why(), LARGEST + 1, Route::TooLarge, vec![refused()]),
        ];
        for (answer, bytes, route, hints) in cases {
            assert_eq!(choose(&around, bytes, Some(answer)), (route, hints));
        }
    }

    #[test]
    fn bytes_leave_only_where_the_route_says_so() {
        let sent = |route| bytes(&route, "x").map(|b| String::from_utf8(b).expect("ASCII"));
        let tmux = "\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\";
        let screen = "\x1bP\x1b]52;c;eA==\x07\x1b\\";
        let cases = [
            (Route::Terminal(Wrapping::Plain), Some("\x1b]52;c;eA==\x07")),
            (Route::Terminal(Wrapping::Tmux), Some(tmux)),
            (Route::Terminal(Wrapping::Screen), Some(screen)),
            (Route::Tmux(Beyond::Through), Some(tmux)),
            (Route::Tmux(Beyond::Asked), None),
            (Route::Tmux(Beyond::TooLarge), None),
            (Route::TooLarge, None),
        ];
        for (route, expected) in cases {
            assert_eq!(sent(route.clone()).as_deref(), expected, "{route:?}");
        }
    }
}
