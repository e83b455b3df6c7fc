//! Every size, every depth of colour, and what strangers write.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a slip here is a failed test"
)]

use std::collections::HashSet;
use std::fs;
use std::rc::Rc;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::palette::{BLACK, WHITE, contrast, rgb};
use super::sample::{overlay, painted, view};
use super::*;
use crate::app::event::Size;
use crate::app::line::{Line, Role, SENDER_COLORS};
use crate::app::view::{Area, Gutter, Pane, PaneView, Row};
use crate::model::text::{Mark, clean, is_drawable, width};

const DEPTHS: [Colors; 4] = [Colors::None, Colors::Sixteen, Colors::Indexed, Colors::True];

const SURFACES: [Surface; 4] = [
    Surface::Pane,
    Surface::Chosen,
    Surface::Resting,
    Surface::Bar,
];

const MARKS: [Option<Mark>; 5] = [
    None,
    Some(Mark::Control),
    Some(Mark::Hidden),
    Some(Mark::Lost),
    Some(Mark::Cut),
];

fn theme() -> Theme {
    Theme::new(Colors::True, Some(Accent::Rgb(0xc0, 0x39, 0x2b)))
}

fn roles() -> Vec<Role> {
    let mut roles = vec![
        Role::Text,
        Role::Dim,
        Role::Label,
        Role::Time,
        Role::Media,
        Role::System,
        Role::Gone,
        Role::Recalled,
        Role::Withheld,
        Role::Damaged,
        Role::Ours,
        Role::Error,
        Role::Warning,
        Role::Key,
        Role::Accent,
        Role::Input,
        Role::Match,
        Role::JsonKey,
        Role::JsonString,
        Role::JsonNumber,
    ];
    roles.extend((0..SENDER_COLORS).map(Role::Sender));
    roles
}

/// What a test keeps: the glyphs, and one line for all the looks.
fn kept(buf: &Buffer) -> String {
    format!("{}styles {}\n", to_text(buf), style_hash(buf))
}

fn row_of(buf: &Buffer, y: u16) -> String {
    to_text(buf)
        .lines()
        .nth(usize::from(y))
        .unwrap_or_default()
        .to_owned()
}

fn cell(buf: &Buffer, x: u16, y: u16) -> &Cell {
    buf.cell((x, y)).expect("a cell")
}

fn one_pane(rows: Vec<Row>, width: u16, focused: bool) -> View {
    let height = u16::try_from(rows.len()).expect("few") + 1;
    let mut view = View::blank(Size {
        width,
        height: height + 2,
    });
    view.panes = vec![PaneView {
        pane: Pane::Messages,
        area: Area {
            width,
            height,
            ..Area::default()
        },
        divided: false,
        title: Line::of(Role::Label, "Title"),
        focused,
        rows,
    }];
    view
}

fn text_row(text: &str) -> Row {
    Row {
        line: Line::of(Role::Text, clean(text)),
        ..Row::default()
    }
}

#[test]
fn no_size_panics_and_nothing_is_painted_outside() {
    let sizes = (0..=60).flat_map(|w| (0..=20).map(move |h| (w, h)));
    let sizes = sizes.chain([(80, 24), (160, 48), (500, 1), (1, 500)]);
    // Laid out for another size than the buffer's, as after a resize.
    for (laid_width, laid_height) in [(80, 24), (160, 48), (5, 3)] {
        let mut view = view(laid_width, laid_height);
        view.overlay = Some(overlay(view.size));
        for (width, height) in sizes.clone() {
            for ascii in [false, true] {
                view.ascii = ascii;
                let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
                draw(&view, &theme(), &mut buf);
                assert_eq!(buf.area, Rect::new(0, 0, width, height));
                check(&buf);
            }
        }
    }
    for (width, height) in sizes {
        let mut view = view(width, height);
        check(&painted(&view, theme()));
        view.overlay = Some(overlay(view.size));
        check(&painted(&view, theme()));
        view.panes.clear();
        check(&painted(&view, theme()));
    }
}

/// No cell holds what is not drawable, and no wide sign passes the right edge or
/// lies above anything.
fn check(buf: &Buffer) {
    for row in proof::rows(buf) {
        let columns = row.len();
        for (x, cell) in (0..).zip(row) {
            assert!(is_drawable(cell.symbol()), "{:?}", cell.symbol());
            let wide = width(cell.symbol());
            assert!(x + wide <= columns || columns == 0, "{:?}", cell.symbol());
            if wide == 2 {
                assert_eq!(row.get(x + 1).map(Cell::symbol), Some(" "));
            }
        }
    }
}

#[test]
fn an_area_that_is_not_at_the_origin_or_ends_nowhere_is_no_trouble() {
    let mut view = view(80, 24);
    for pane in &mut view.panes {
        pane.area = Area {
            x: 65_530,
            y: 3,
            width: 65_535,
            height: 65_535,
        };
    }
    check(&painted(&view, theme()));
}

#[test]
fn a_wide_sign_that_does_not_fit_gives_way_to_the_mark_of_a_cut_line() {
    let wide = |width| {
        let view = one_pane(vec![text_row("你好吗")], width, true);
        row_of(&painted(&view, theme()), 1)
    };
    assert_eq!(wide(8), "  你好吗");
    assert_eq!(wide(7), "  你好…");
    assert_eq!(wide(6), "  你 …");
    assert_eq!(wide(5), "  你…");
    assert_eq!(wide(4), "   …");
    assert_eq!(wide(3), "  …");
    assert_eq!(wide(2), "");
}

#[test]
fn blanks_that_do_not_fit_are_no_loss() {
    let view = one_pane(vec![text_row("abc    ")], 5, true);
    assert_eq!(row_of(&painted(&view, theme()), 1), "  abc");
}

#[test]
fn what_a_message_says_never_stands_in_the_gutter() {
    let hostile = [
        "× 12 recalled",
        "── 2026-11-22",
        "│",
        "\u{202e}x",
        "\u{301}x",
        "> x",
    ];
    let rows: Vec<Row> = hostile.iter().map(|t| text_row(t)).collect();
    let buf = painted(&one_pane(rows, 40, true), theme());
    for y in 1..=6 {
        for x in 0..2 {
            assert_eq!(cell(&buf, x, y).symbol(), " ", "{x} {y}");
        }
    }
    // A day of ours begins where no message can.
    let mut day = text_row("");
    day.gutter = Gutter::Ours;
    day.line = Line::of(Role::Ours, "── Sun 2026-11-22");
    let buf = painted(&one_pane(vec![day], 24, true), theme());
    assert_eq!(row_of(&buf, 1), "──── Sun 2026-11-22 ────");
}

#[test]
fn a_line_that_is_not_clean_is_shown_with_markers() {
    let rows = vec![text_row("one\ntwo\tthree")];
    let buf = painted(&one_pane(rows, 40, true), theme());
    assert_eq!(row_of(&buf, 1), "  one¦two¦three");
}

#[test]
fn ascii_screens_have_no_sign_of_ours_beyond_ascii() {
    let mut view = view(100, 30);
    view.ascii = true;
    view.overlay = Some(overlay(view.size));
    for pane in &mut view.panes {
        // The words of messages are their senders'.
        for row in &mut pane.rows {
            Rc::make_mut(&mut row.line.pieces).retain(|p| {
                !matches!(p.role, Role::Text | Role::Sender(_)) || p.text.as_str().is_ascii()
            });
        }
    }
    let text = to_text(&painted(&view, theme()));
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn the_selection_and_the_focus_are_seen_without_colours() {
    let theme = Theme::new(Colors::None, None);
    let look = |selected, focused| {
        let mut row = text_row("words");
        row.selected = selected;
        let buf = painted(&one_pane(vec![row], 20, focused), theme);
        let first = cell(&buf, 1, 1);
        let word = cell(&buf, 2, 1).modifier;
        // A bar to the edge would send two rows again for each step.
        assert!(!cell(&buf, 19, 1).modifier.contains(Modifier::REVERSED));
        (
            first.symbol().to_owned(),
            first.modifier,
            word,
            row_of(&buf, 0),
        )
    };
    let (strong, weak, none) = (look(true, true), look(true, false), look(false, true));
    assert_eq!(strong.0, "▌");
    assert_eq!(weak.0, "▏");
    assert_eq!(none.0, " ");
    assert!(strong.2.contains(Modifier::REVERSED));
    assert!(!weak.2.contains(Modifier::REVERSED) && weak.1.contains(Modifier::BOLD));
    assert_eq!(strong.3, "▌ Title ━━━━━━━━━━━━");
    assert_eq!(weak.3, "  Title ────────────");
}

#[test]
fn without_colours_no_colour_is_used() {
    let theme = Theme::new(Colors::None, Some(Accent::Rgb(255, 0, 0)));
    let mut view = view(120, 30);
    view.overlay = Some(overlay(view.size));
    for cell in painted(&view, theme).content() {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
    }
}

#[test]
fn sixteen_colours_are_the_terminals_own() {
    let theme = Theme::new(Colors::Sixteen, Some(Accent::Rgb(0, 120, 0)));
    for style in looks(theme) {
        for color in [style.fg, style.bg].into_iter().flatten() {
            let own = !matches!(color, Color::Rgb(..) | Color::Indexed(16..));
            assert!(own, "{color:?}");
        }
        assert_eq!(style.fg.is_some(), style.bg.is_some(), "{style:?}");
    }
}

fn looks(theme: Theme) -> Vec<Style> {
    let mut looks = Vec::new();
    for role in roles() {
        for surface in SURFACES {
            looks.extend(MARKS.map(|mark| theme.style_on(role, mark, surface)));
        }
    }
    looks
}

/// 4.5:1 is what WCAG asks of text. Where a theme leaves one of the two to the
/// terminal, that may be black or white.
#[test]
fn every_role_can_be_read_on_black_and_on_white() {
    let accents = (0..16).map(Accent::Ansi).map(Some);
    let step = |n: u32| u8::try_from(n * 51).expect("a byte");
    let cube = (0..216).map(|n| Accent::Rgb(step(n / 36), step(n / 6 % 6), step(n % 6)));
    let accents = accents.chain(cube.map(Some)).chain([None]);
    for accent in accents {
        for colors in DEPTHS {
            let theme = Theme::new(colors, accent);
            for style in looks(theme) {
                // xterm's bright black is brighter than that of most palettes.
                if style.bg == Some(Color::Indexed(8)) {
                    continue;
                }
                let fore = style.fg.and_then(rgb);
                let back = style.bg.and_then(rgb);
                let least = match (fore, back) {
                    (Some(fore), Some(back)) => contrast(fore, back),
                    (Some(one), None) | (None, Some(one)) => {
                        contrast(one, BLACK).min(contrast(one, WHITE))
                    }
                    (None, None) => 21.0,
                };
                assert!(least >= 4.5, "{least:.2} {colors:?} {accent:?} {style:?}");
            }
        }
    }
}

#[test]
fn senders_are_told_apart_by_six_colours() {
    for colors in [Colors::Indexed, Colors::True] {
        let theme = Theme::new(colors, None);
        let inks: HashSet<_> = (0..SENDER_COLORS)
            .map(|n| theme.style(Role::Sender(n)).fg)
            .collect();
        assert_eq!(inks.len(), usize::from(SENDER_COLORS), "{inks:?}");
    }
}

/// Otherwise somebody could write `^[` and have it taken for a control character.
#[test]
fn what_the_sanitiser_marked_looks_like_no_role() {
    for colors in DEPTHS {
        let theme = Theme::new(colors, None);
        for surface in SURFACES {
            let plain: Vec<Style> = roles()
                .into_iter()
                // Only the profile is a badge, and it stands in the status line.
                .filter(|role| *role != Role::Accent)
                .map(|role| theme.style_on(role, None, surface))
                .collect();
            for role in [Role::Text, Role::Sender(0), Role::Label] {
                for mark in [Mark::Control, Mark::Hidden] {
                    let style = theme.style_on(role, Some(mark), surface);
                    assert!(!plain.contains(&style), "{colors:?} {surface:?} {mark:?}");
                }
            }
        }
    }
}

#[test]
fn the_badge_takes_no_more_room_than_its_field() {
    let mut view = view(80, 24);
    let width = u16::try_from(view.status.width()).expect("short");
    for narrow in [width, width + 1] {
        view.size.width = narrow;
        let status = row_of(&painted(&view, theme()), 22);
        assert!(
            status.starts_with(" production  Payments · seq"),
            "{status}"
        );
        assert!(status.ends_with("UTC+08:00"), "{status}");
    }
}

#[test]
fn a_box_cuts_no_wide_sign_in_half() {
    let mut view = one_pane(vec![text_row("你好你好你好你好"); 6], 20, true);
    for x in 2..8 {
        view.overlay = Some(overlay(view.size));
        if let Some(overlay) = &mut view.overlay {
            overlay.area = Area {
                x,
                y: 2,
                width: 9,
                height: 4,
            };
        }
        let buf = painted(&view, theme());
        check(&buf);
        assert_eq!(cell(&buf, x, 3).symbol(), "│");
        assert!(proof::shown(proof::rows(&buf).nth(3).expect("a row")).any(|(c, _)| c == x));
    }
}

#[test]
fn a_terminal_that_is_too_small_is_told_so_in_the_middle() {
    let mut view = View::blank(Size {
        width: 30,
        height: 5,
    });
    view.status = Line::of(Role::Warning, "too small: 40x10 or more");
    let buf = painted(&view, theme());
    assert_eq!(row_of(&buf, 2), "   too small: 40x10 or more");
}

#[test]
fn a_screen_of_80x24() {
    insta::assert_snapshot!(kept(&painted(&view(80, 24), theme())));
}

#[test]
fn a_screen_of_80x24_with_a_box() {
    let mut view = view(80, 24);
    view.overlay = Some(overlay(view.size));
    insta::assert_snapshot!(kept(&painted(&view, theme())));
}

#[test]
fn a_screen_of_120x30_in_ascii() {
    let mut view = view(120, 30);
    view.ascii = true;
    insta::assert_snapshot!(kept(&painted(&view, Theme::new(Colors::Sixteen, None))));
}

#[test]
fn the_hash_tells_looks_apart_and_not_words() {
    let mut one = Buffer::empty(Rect::new(0, 0, 4, 1));
    let blank = style_hash(&one);
    one.set_string(0, 0, "word", Style::new());
    assert_eq!(style_hash(&one), blank);
    one.set_style(one.area, Style::new().bold());
    assert_ne!(style_hash(&one), blank);
}

/// Writes pictures of all depths into the folder named by `UI_PICTURES`.
#[test]
fn pictures_are_well_formed() {
    let folder = std::env::var_os("UI_PICTURES");
    for colors in DEPTHS {
        for (width, height) in [(80, 24), (160, 48)] {
            for boxed in [false, true] {
                let mut view = view(width, height);
                view.overlay = boxed.then(|| overlay(view.size));
                let accent = Some(Accent::Rgb(0xc0, 0x39, 0x2b));
                let svg = to_svg(&painted(&view, Theme::new(colors, accent)));
                assert_eq!(
                    svg.matches("<text ").count(),
                    svg.matches("</text>").count()
                );
                if let Some(folder) = &folder {
                    let name = format!("{colors:?}-{width}-{boxed}.svg");
                    fs::write(std::path::Path::new(folder).join(name), svg).expect("written");
                }
            }
        }
    }
}
