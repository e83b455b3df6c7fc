//! What is said after a copy: where the text went, never more than is known.

use super::App;
use super::event::{Beyond, Copied, Hint, Route, Wrapping};
use super::line::{Line, Role};
use crate::model::text::{Clean, size, width};

impl App {
    /// The answer to a copy, in the longest form that fits the screen.
    pub(super) fn say_copied(&mut self, copied: &Copied) {
        // The question whether to quit stays: the next key answers it, unseen or not.
        if self.quit_armed {
            return;
        }
        let role = match (&copied.route, &copied.file) {
            (Route::TooLarge, _) | (_, Err(_)) => Role::Warning,
            (Route::Tmux(_) | Route::Terminal(_), Ok(_)) => Role::Text,
        };
        let words = Clean::ours(fitting(&forms(copied), self.size.width.into()));
        self.notice = Some(Line::of(role, words.one_line()));
        self.answered = true;
    }
}

/// The first that fits, else the last, which painters cut.
fn fitting(forms: &[String], cells: usize) -> &str {
    let fits = forms.iter().find(|form| width(form) <= cells);
    fits.or(forms.last()).map_or("", String::as_str)
}

/// The same in ever fewer words. What the text is and how far it got stands first
/// in each; whatever may be left out stands last.
fn forms(copied: &Copied) -> Vec<String> {
    let what = format!("{}, {}", copied.what, size(copied.bytes));
    let [route, short_route] = route(&copied.route);
    let [file, short_file] = file(copied);
    let hints: Vec<_> = copied.hints.iter().map(hint).collect();
    let first_hint: Vec<_> = hints.iter().take(1).cloned().collect();
    // Without a way to the terminal the file is all there is; and an error is news.
    let file_first = copied.route == Route::TooLarge || copied.file.is_err();
    let form = |route: &str, file: Option<&String>, hints: &[String]| {
        let mut parts = vec![format!("{what}: {route}")];
        parts.extend(file.filter(|_| file_first).cloned());
        parts.extend(hints.iter().cloned());
        parts.extend(file.filter(|_| !file_first).cloned());
        parts.join(" · ")
    };
    vec![
        form(route, Some(&file), &hints),
        form(route, Some(&short_file), &hints),
        form(short_route, Some(&short_file), &hints),
        form(short_route, Some(&short_file), &first_hint),
        if file_first || hints.is_empty() {
            form(short_route, Some(&short_file), &[])
        } else {
            form(short_route, None, &first_hint)
        },
    ]
}

fn route(route: &Route) -> [&'static str; 2] {
    match route {
        Route::Terminal(Wrapping::Plain | Wrapping::Tmux | Wrapping::Screen) => [
            "sent to the terminal (OSC 52, not confirmed)",
            "sent (OSC 52, not confirmed)",
        ],
        Route::Tmux(Beyond::Asked) => [
            "in tmux's buffer, sent on to its terminal (not confirmed)",
            "in tmux, sent on (not confirmed)",
        ],
        Route::Tmux(Beyond::Through) => [
            "in tmux's buffer, sent to the terminal (OSC 52, not confirmed)",
            "in tmux, sent on (not confirmed)",
        ],
        Route::Tmux(Beyond::TooLarge) => [
            "in tmux's buffer, too large for the terminal's clipboard",
            "in tmux, too large to send on",
        ],
        Route::TooLarge => [
            "too large for the terminal's clipboard",
            "too large to send",
        ],
    }
}

fn file(copied: &Copied) -> [String; 2] {
    let also = match copied.route {
        Route::TooLarge => "it is in",
        Route::Tmux(_) | Route::Terminal(_) => "also in",
    };
    match &copied.file {
        Ok(path) => [
            format!("{also} {path}"),
            format!("{also} {}", last_part(path)),
        ],
        Err(why) => [format!("in no file: {why}"), format!("in no file: {why}")],
    }
}

/// A path by its last name: the folder is that of all our state.
fn last_part(path: &Clean) -> &str {
    let path = path.as_str();
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn hint(hint: &Hint) -> String {
    match hint {
        Hint::SetClipboard => "tmux: set-clipboard on".to_owned(),
        Hint::Passthrough => "tmux: allow-passthrough on".to_owned(),
        Hint::Refused(why) => format!("tmux: {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "~/.local/state/tim-history/last-copy.txt";

    fn copied(route: Route, hints: Vec<Hint>) -> Copied {
        Copied {
            what: "node as JSON".to_owned(),
            bytes: 1_234,
            route,
            file: Ok(Clean::from(FILE)),
            hints,
        }
    }

    /// In a terminal of so many columns.
    fn said(copied: &Copied, cells: usize) -> String {
        fitting(&forms(copied), cells).to_owned()
    }

    #[test]
    fn a_wide_screen_says_everything() {
        let said = |route, hints| said(&copied(route, hints), 200);
        assert_eq!(
            said(Route::Terminal(Wrapping::Plain), vec![]),
            format!(
                "node as JSON, 1.2 kB: sent to the terminal (OSC 52, not confirmed) · also in {FILE}"
            )
        );
        assert_eq!(
            said(Route::Tmux(Beyond::Asked), vec![]),
            format!(
                "node as JSON, 1.2 kB: in tmux's buffer, sent on to its terminal (not confirmed) · also in {FILE}"
            )
        );
        assert_eq!(
            said(
                Route::Terminal(Wrapping::Tmux),
                vec![Hint::Passthrough, Hint::Refused("timed out".into())]
            ),
            format!(
                "node as JSON, 1.2 kB: sent to the terminal (OSC 52, not confirmed) · \
                 tmux: allow-passthrough on · tmux: timed out · also in {FILE}"
            )
        );
        assert_eq!(
            said(Route::TooLarge, vec![]),
            format!(
                "node as JSON, 1.2 kB: too large for the terminal's clipboard · it is in {FILE}"
            )
        );
    }

    #[test]
    fn eighty_columns_say_what_matters() {
        let said = |route, hints| said(&copied(route, hints), 80);
        let cases = [
            (
                said(Route::Terminal(Wrapping::Plain), vec![]),
                "node as JSON, 1.2 kB: sent (OSC 52, not confirmed) · also in last-copy.txt",
            ),
            (
                said(Route::Terminal(Wrapping::Plain), vec![Hint::SetClipboard]),
                "node as JSON, 1.2 kB: sent (OSC 52, not confirmed) · tmux: set-clipboard on",
            ),
            (
                said(Route::Tmux(Beyond::Asked), vec![]),
                "node as JSON, 1.2 kB: in tmux, sent on (not confirmed) · also in last-copy.txt",
            ),
            (
                said(Route::TooLarge, vec![]),
                "node as JSON, 1.2 kB: too large to send · it is in last-copy.txt",
            ),
        ];
        for (said, expected) in cases {
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn nothing_is_called_copied_that_nobody_confirmed() {
        let routes = [
            Route::Terminal(Wrapping::Plain),
            Route::Terminal(Wrapping::Tmux),
            Route::Terminal(Wrapping::Screen),
            Route::Tmux(Beyond::Asked),
            Route::Tmux(Beyond::Through),
            Route::Tmux(Beyond::TooLarge),
            Route::TooLarge,
        ];
        for route in routes {
            let sure = matches!(route, Route::TooLarge | Route::Tmux(Beyond::TooLarge));
            for form in forms(&copied(route, vec![Hint::SetClipboard])) {
                assert!(!form.contains("copied"), "{form}");
                assert_eq!(form.contains("not confirmed"), !sure, "{form}");
            }
        }
    }

    #[test]
    fn a_file_that_could_not_be_written_is_said_in_every_form() {
        for hints in [vec![], vec![Hint::SetClipboard]] {
            let mut copied = copied(Route::Terminal(Wrapping::Plain), hints);
            copied.file = Err("permission denied".into());
            for form in forms(&copied) {
                let start = "confirmed) · in no file: permission denied";
                assert!(form.contains(start), "{form}");
            }
        }
    }
}
