//! What the environment says of the terminal: colours and characters. Pure over
//! a lookup, so that the tests need no environment of their own.

use super::{Ascii, ColorChoice, Env};
use crate::ui::Colors;

/// How many colours the terminal takes. A choice made in the configuration wins
/// over `NO_COLOR`, as no-color.org asks of settings made for one program.
#[must_use]
pub fn color_depth(choice: ColorChoice, env: Env<'_>) -> Colors {
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    match choice {
        ColorChoice::Never => Colors::None,
        ColorChoice::Sixteen => Colors::Sixteen,
        ColorChoice::Indexed => Colors::Indexed,
        ColorChoice::True => Colors::True,
        ColorChoice::Auto if set("NO_COLOR").is_some() => Colors::None,
        ColorChoice::Auto => match (set("COLORTERM"), set("TERM")) {
            (Some(word), _) if word == "truecolor" || word == "24bit" => Colors::True,
            (_, Some(term)) if term.ends_with("-direct") => Colors::True,
            (_, Some(term)) if term.ends_with("256color") => Colors::Indexed,
            (_, _) => Colors::Sixteen,
        },
    }
}

/// Why the browser cannot use this terminal, in one line; `None` if it can.
#[must_use]
pub fn unusable(env: Env<'_>) -> Option<&'static str> {
    match env("TERM").as_deref() {
        Some("dumb") => Some("the browser cannot draw on TERM=dumb; use another terminal"),
        None | Some("") => Some("TERM is not set, so the browser cannot draw here"),
        Some(_) => None,
    }
}

/// Whether to draw with ASCII alone, and what to say if nobody asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawing {
    /// Frames and marks without box or block characters.
    pub ascii: bool,
    /// One hint to show once, where the locale decided.
    pub hint: Option<&'static str>,
}

/// The flag wins over the configuration, and that over the locale.
#[must_use]
pub fn drawing(flag: bool, choice: Ascii, env: Env<'_>) -> Drawing {
    let ascii = |ascii| Drawing { ascii, hint: None };
    match choice {
        Ascii::On => ascii(true),
        Ascii::Off | Ascii::Auto if flag => ascii(true),
        Ascii::Off => ascii(false),
        Ascii::Auto if speaks_utf8(env) => ascii(false),
        Ascii::Auto => Drawing {
            ascii: true,
            hint: Some("the locale is not UTF-8, so frames are ASCII; set LC_ALL or ascii = false"),
        },
    }
}

/// The locale's character set, by the first variable that is set, as POSIX orders them.
fn speaks_utf8(env: Env<'_>) -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env(name).filter(|value| !value.is_empty()))
        .is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env<'v>(vars: &'v [(&'v str, &'v str)]) -> impl Fn(&str) -> Option<String> + 'v {
        |name| {
            let found = vars.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        }
    }

    fn auto(vars: &[(&str, &str)]) -> Colors {
        color_depth(ColorChoice::Auto, &env(vars))
    }

    #[test]
    fn depth_follows_what_the_terminal_says() {
        assert_eq!(auto(&[("TERM", "xterm")]), Colors::Sixteen);
        assert_eq!(auto(&[("TERM", "tmux-256color")]), Colors::Indexed);
        assert_eq!(auto(&[("TERM", "xterm-direct")]), Colors::True);
        let both = [("TERM", "xterm-256color"), ("COLORTERM", "truecolor")];
        assert_eq!(auto(&both), Colors::True);
        assert_eq!(auto(&[("COLORTERM", "24bit")]), Colors::True);
        let other = [("TERM", "xterm-256color"), ("COLORTERM", "gnome-terminal")];
        assert_eq!(auto(&other), Colors::Indexed);
    }

    #[test]
    fn no_color_counts_unless_empty_or_overruled() {
        let none = [("TERM", "xterm-256color"), ("NO_COLOR", "1")];
        assert_eq!(auto(&none), Colors::None);
        let empty = [("TERM", "xterm-256color"), ("NO_COLOR", "")];
        assert_eq!(auto(&empty), Colors::Indexed);
        assert_eq!(color_depth(ColorChoice::True, &env(&none)), Colors::True);
        assert_eq!(color_depth(ColorChoice::Never, &env(&empty)), Colors::None);
    }

    #[test]
    fn a_dumb_terminal_is_refused_in_one_line() {
        for vars in [&[("TERM", "dumb")][..], &[]] {
            let line = unusable(&env(vars)).expect("refused");
            assert!(!line.contains('\n'));
        }
        assert_eq!(unusable(&env(&[("TERM", "screen")])), None);
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        let ascii = |vars: &[(&str, &str)]| drawing(false, Ascii::Auto, &env(vars)).ascii;
        assert!(!ascii(&[("LANG", "de_DE.UTF-8")]));
        assert!(!ascii(&[("LC_CTYPE", "C.utf8"), ("LANG", "C")]));
        assert!(ascii(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]));
        assert!(!ascii(&[("LC_ALL", ""), ("LANG", "en_US.UTF-8")]));
        assert!(ascii(&[("LANG", "zh_CN.GB18030")]));
        assert!(ascii(&[]));
    }

    #[test]
    fn the_hint_shows_only_where_nobody_chose() {
        let c = [("LANG", "C")];
        assert!(drawing(false, Ascii::Auto, &env(&c)).hint.is_some());
        assert_eq!(drawing(true, Ascii::Auto, &env(&c)).hint, None);
        let on = Drawing {
            ascii: true,
            hint: None,
        };
        assert_eq!(drawing(true, Ascii::Off, &env(&c)), on);
        assert_eq!(drawing(false, Ascii::On, &env(&c)), on);
        assert!(!drawing(false, Ascii::Off, &env(&c)).ascii);
    }
}
