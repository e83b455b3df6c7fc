//! Terminals of little skill, and what is asked of them.

use tim_history::emulator::{Group, World};

use crate::home::{Home, serving};
use crate::stream::{Piece, pieces};

/// The numbers of all SGR sequences a short visit writes, in this environment.
fn colors(variables: &[(&str, &str)]) -> Vec<Vec<u16>> {
    let home = variables
        .iter()
        .fold(Home::new(), |home, (name, value)| home.with(name, value));
    let t = home.open(&["--demo", "--group", "@TGS#2SUPPORTA"], (120, 40));
    t.shows(&["Happy birthday"]);
    t.keys("kkkkl3");
    t.shows(&["00000000"]);
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
    let mut all = Vec::new();
    for piece in pieces(&left.raw) {
        if let Piece::Csi(numbers, last) = piece
            && last == "m"
        {
            let numbers = numbers.split(';').map(|n| n.parse().unwrap_or_default());
            all.push(numbers.collect());
        }
    }
    all
}

/// Whether a sequence chooses a colour of more than sixteen, by number or by mixture.
fn chooses(numbers: &[u16], how: u16) -> bool {
    let pairs = numbers.windows(2);
    pairs
        .into_iter()
        .any(|pair| [38, 48].contains(&pair[0]) && pair[1] == how)
}

#[test]
fn no_color_means_no_colour() {
    for numbers in colors(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]) {
        assert!(numbers.iter().all(|n| *n < 30), "{numbers:?}");
    }
}

#[test]
fn a_terminal_of_sixteen_colours_is_asked_for_no_other() {
    for numbers in colors(&[("TERM", "xterm")]) {
        assert!(
            !chooses(&numbers, 2) && !chooses(&numbers, 5),
            "{numbers:?}"
        );
    }
}

#[test]
fn a_terminal_of_256_colours_is_asked_for_no_mixture() {
    for numbers in colors(&[("TERM", "xterm-256color")]) {
        assert!(!chooses(&numbers, 2), "{numbers:?}");
    }
}

#[test]
fn a_terminal_of_all_colours_is_asked_for_some() {
    let all = colors(&[("COLORTERM", "truecolor")]);
    assert!(all.iter().any(|n| n.iter().any(|n| *n >= 30)));
}

#[test]
fn a_locale_without_utf_8_gets_ascii_alone_and_is_told_once() {
    let service = serving(World::of(vec![Group::chat("@TGS#A", 90)]));
    let home = Home::new().with("LC_ALL", "C");
    home.configure(&service.profile_toml());
    let t = home.open(&["--group", "@TGS#A"], (120, 40));
    t.shows(&["- Public -", "message 90", "the locale is not UTF-8"]);
    t.keys("k<pageup>l3");
    t.catch_up();
    t.keys("1h");
    t.catch_up();
    t.hides("the locale is not UTF-8");
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    let foreign: Vec<u8> = left.raw.iter().copied().filter(|b| !b.is_ascii()).collect();
    assert!(
        foreign.is_empty(),
        "{:?}",
        String::from_utf8_lossy(&foreign)
    );
}

#[test]
fn the_mouse_is_left_alone_unless_the_configuration_wants_it() {
    const REPORTS: u32 = 1000;
    for (mouse, wanted) in [("", false), ("mouse = true\n", true)] {
        let service = serving(World::of(vec![Group::chat("@TGS#A", 20)]));
        let home = Home::new();
        home.configure(&format!("{mouse}{}", service.profile_toml()));
        let t = home.open(&["--group", "@TGS#A"], (80, 24));
        t.shows(&["message 20"]);
        assert_eq!(t.modes().is_on(REPORTS), wanted);
        t.keys("q");
        t.finish().assert_restored("");
    }
}
