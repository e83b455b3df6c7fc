//! Screens made by hand, as the application would lay them out.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a slip here is a failed test"
)]

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Theme, draw};
use crate::app::event::Size;
use crate::app::line::{Line, Role};
use crate::app::view::{Area, Gutter, OverlayView, Pane, PaneView, Row, View};
use crate::model::text::clean;

pub(super) fn painted(view: &View, theme: Theme) -> Buffer {
    let mut buf = Buffer::empty(Rect::new(0, 0, view.size.width, view.size.height));
    draw(view, &theme, &mut buf);
    buf
}

fn row(gutter: Gutter, line: Line) -> Row {
    Row {
        gutter,
        line,
        selected: false,
    }
}

fn message(time: &str, (color, name): (u8, &str), text: &str) -> Row {
    let mut line = Line::of(Role::Time, clean(time));
    line.say(Role::Text, " ");
    line.push(Role::Sender(color), clean(name).truncate(12));
    line.pad_to(22);
    let role = if text.starts_with('[') {
        Role::Media
    } else {
        Role::Text
    };
    line.push(role, clean(text).one_line());
    row(Gutter::Plain, line)
}

fn note(gutter: Gutter, role: Role, text: &str, hint: &str) -> Row {
    let mut line = Line::new();
    line.pad_to(22);
    line.say(role, text);
    line.say(Role::Dim, hint);
    row(gutter, line)
}

pub(super) fn messages() -> Vec<Row> {
    const ANNA: (u8, &str) = (0, "Anna Lindqvist");
    const WANG: (u8, &str) = (1, "王小明");
    const BOT: (u8, &str) = (3, "deploy-bot");
    const MEI: (u8, &str) = (4, "陈美玲");
    const OMAR: (u8, &str) = (2, "omar");
    let day = |d: &str| {
        row(
            Gutter::Ours,
            Line::of(Role::Ours, clean(&format!("── {d} +08:00"))),
        )
    };
    let mut system = Line::of(Role::Time, "09:02:11");
    system.say(Role::System, " system");
    system.pad_to(22);
    system.say(Role::System, "omar joined, invited by Anna Lindqvist");
    let mut rows = vec![
        day("Fri 2026-11-20"),
        message(
            "17:40:12",
            ANNA,
            "Payments team: who is on call this weekend?",
        ),
        message("17:40:55", WANG, "我，周六。周日是陈美玲。"),
        message("17:41:30", MEI, "对，周日我值班 👍"),
        note(
            Gutter::Unfetched,
            Role::Ours,
            "1,204 not loaded · 57,101-58,304",
            " · 11-20 17:41 to 11-22 08:55 · loading 2 s",
        ),
        day("Sun 2026-11-22"),
        message("08:55:03", BOT, "release 4.18.2 → eu-central: started"),
        row(Gutter::Plain, system),
        message(
            "09:03:27",
            OMAR,
            "Good morning. Refund 88213 is stuck since 08:41,",
        ),
        note(Gutter::Plain, Role::Text, "the customer called twice.", ""),
        message("09:04:02", MEI, "[image 1.8 MB] 1170x2532 refund-88213.png"),
        note(
            Gutter::Recalled,
            Role::Recalled,
            "12 recalled · 58,312-58,323",
            " · 09:04:40 to 09:06:15 · Enter unfolds",
        ),
        message(
            "09:06:30",
            ANNA,
            "The gateway answers 504, I see it in the log too.",
        ),
        message(
            "09:07:11",
            WANG,
            "退款队列堵住了：gateway 在 08:40 之后一直超时，我先把重试",
        ),
        note(Gutter::Plain, Role::Text, "间隔调到 30 秒。", ""),
        message(
            "09:08:45",
            BOT,
            "gateway-pay: p99 31,204 ms (limit 5,000 ms)",
        ),
        message("09:09:20", OMAR, "\u{1b}[2Jmy screen\u{202e} is fine"),
        note(
            Gutter::Gone,
            Role::Gone,
            "deleted, expired or never stored 58330",
            "",
        ),
        message("09:11:02", MEI, "[voice 0:07]"),
        note(
            Gutter::Withheld,
            Role::Withheld,
            "withheld: the service left out seq 58332",
            "",
        ),
        message("09:12:48", ANNA, "Fixed. Refund 88213 went out at 09:12."),
        message("09:13:05", OMAR, "Thank you, the customer has it."),
    ];
    if let Some(row) = rows.get_mut(19) {
        row.gutter = Gutter::Changed;
        row.line.say(Role::Warning, " [changed since first seen]");
    }
    for row in rows.iter_mut().skip(13).take(2) {
        row.selected = true;
    }
    rows
}

fn groups() -> Vec<Row> {
    let names = [
        ("Payments · on call", "Public", "09:13"),
        ("客服一组", "Work", "09:11"),
        ("Logistics EU", "Public", "08:59"),
        ("产品讨论", "Work", "08:40"),
        ("Refunds", "Public", "08:12"),
        ("仓库 · 上海", "Work", "07:55"),
        ("@TGS#2J4SZEAEL", "Community", "02:30"),
        ("Night shift", "Public", "Sat"),
        ("Release trains", "Public", "Sat"),
        ("海外支持群（东南亚）", "Public", "Fri"),
        ("lobby", "AVChatRoom", "—"),
        ("Vendors", "Work", "11-18"),
        ("法务", "Work", "11-17"),
    ];
    let rows = names.iter().enumerate().map(|(i, (name, kind, last))| {
        let role = if i == 10 { Role::Dim } else { Role::Text };
        let mut line = Line::of(role, clean(name).truncate(20));
        line.pad_to(23);
        line.push(Role::Dim, clean(kind).truncate(10));
        line.pad_to(37);
        line.say(Role::Time, format!("{last:>5}"));
        Row {
            gutter: if i < 2 { Gutter::Pinned } else { Gutter::Plain },
            line,
            selected: i == 0,
        }
    });
    rows.collect()
}

fn detail() -> Vec<Row> {
    let field = |label: &str, role: Role, text: &str| {
        let mut line = Line::of(Role::Label, clean(label));
        line.pad_to(12);
        line.push(role, clean(text));
        row(Gutter::Plain, line)
    };
    let blank = Row::default;
    let mut rows = vec![
        field("from", Role::Sender(1), "王小明"),
        field("", Role::Dim, "user wang_xm_0231"),
        field("sent", Role::Time, "2026-11-22 09:07:11 +08:00"),
        field("seq", Role::Text, "58,326 of 58,530"),
        field("random", Role::Text, "2,148,337,001"),
        field("priority", Role::Text, "Normal"),
        blank(),
        row(
            Gutter::Element,
            Line::of(Role::Label, "1 text").saying(Role::Dim, " · 96 B"),
        ),
        row(
            Gutter::Plain,
            Line::of(
                Role::Text,
                clean("  退款队列堵住了：gateway 在 08:40 之后一直超时，"),
            ),
        ),
        row(
            Gutter::Plain,
            Line::of(Role::Text, clean("  我先把重试间隔调到 30 秒。")),
        ),
        blank(),
        row(
            Gutter::Element,
            Line::of(Role::Label, "2 custom").saying(Role::Dim, " · 64 B · shown as JSON and hex"),
        ),
    ];
    let json = |indent: &str, key: &str, role: Role, value: &str, end: &str| {
        let line = Line::of(Role::Text, clean(indent))
            .with(Role::JsonKey, clean(key))
            .saying(Role::Dim, ": ")
            .with(role, clean(value));
        row(Gutter::Plain, line.with(Role::Dim, clean(end)))
    };
    rows.push(row(Gutter::Plain, Line::of(Role::Dim, clean("  {"))));
    rows.push(json("    ", "\"ticket\"", Role::JsonNumber, "88213", ","));
    rows.push(json(
        "    ",
        "\"state\"",
        Role::JsonString,
        "\"stuck\"",
        ",",
    ));
    rows.push(json("    ", "\"since\"", Role::JsonString, "\"08:41\"", ""));
    rows.push(row(Gutter::Plain, Line::of(Role::Dim, clean("  }"))));
    rows.push(blank());
    let bytes = b"{\"ticket\":88213,\"state\":\"stuck\",\"since\":\"08:41\"}\0\x01\x02";
    for (i, part) in bytes.chunks(8).enumerate() {
        let hex: Vec<String> = part.iter().map(|b| format!("{b:02x}")).collect();
        let ascii: String = part
            .iter()
            .map(|b| {
                if b.is_ascii_graphic() {
                    char::from(*b)
                } else {
                    '.'
                }
            })
            .collect();
        let mut line = Line::of(Role::Dim, clean(&format!("  {:08x}", i * 8)));
        line.say(Role::Text, format!("  {:<23}  ", hex.join(" ")));
        line.say(Role::JsonString, ascii);
        rows.push(row(Gutter::Plain, line));
    }
    rows
}

fn pane(pane: Pane, [x, y, width, height]: [u16; 4], focused: bool) -> PaneView {
    let (title, mut rows) = match pane {
        Pane::Groups => (
            Line::of(Role::Label, "Groups").saying(Role::Dim, " 1,204"),
            groups(),
        ),
        Pane::Messages => (
            Line::of(Role::Label, "Payments").saying(Role::Dim, " · Public · 48 members"),
            messages(),
        ),
        Pane::Detail => (
            Line::of(Role::Label, "seq 58326").saying(Role::Dim, " · text · 14 more lines"),
            detail(),
        ),
    };
    let room = usize::from(height.saturating_sub(1));
    if pane == Pane::Messages {
        // The newest stands at the bottom.
        rows.drain(..rows.len().saturating_sub(room));
        let blank = room.saturating_sub(rows.len());
        rows.splice(..0, std::iter::repeat_with(Row::default).take(blank));
    }
    rows.truncate(room);
    PaneView {
        pane,
        area: Area {
            x,
            y,
            width,
            height,
        },
        divided: x > 0,
        title,
        focused,
        rows,
    }
}

/// Three panes from 100 columns on, else two above each other.
pub(super) fn view(width: u16, height: u16) -> View {
    let mut view = View::blank(Size { width, height });
    let body = height.saturating_sub(2);
    view.panes = if width >= 100 {
        let (left, right) = (width * 3 / 10, width * 3 / 10);
        let middle = width - left - right - 2;
        vec![
            pane(Pane::Groups, [0, 0, left, body], false),
            pane(Pane::Messages, [left + 1, 0, middle, body], true),
            pane(Pane::Detail, [left + middle + 2, 0, right, body], false),
        ]
    } else {
        let upper = body * 3 / 5;
        vec![
            pane(Pane::Messages, [0, 0, width, upper], true),
            pane(Pane::Detail, [0, upper, width, body - upper], false),
        ]
    };
    view.status = Line::of(Role::Accent, "production")
        .saying(Role::Dim, " · ")
        .saying(Role::Label, "Payments")
        .saying(Role::Dim, " · ")
        .saying(Role::Text, "seq 58,326 of 58,530")
        .saying(Role::Dim, " · ")
        .saying(Role::Ours, "1 gap")
        .saying(Role::Dim, " · ")
        .saying(Role::Warning, "retry in 3s")
        .saying(Role::Dim, " · ")
        .saying(Role::Time, "UTC+08:00");
    for (key, words) in [
        ("?", "help"),
        ("Enter", "open"),
        ("/", "search"),
        ("g", "go to"),
        ("Tab", "pane"),
        ("y", "copy"),
        ("q", "quit"),
    ] {
        if view.keys.width() > 0 {
            view.keys.say(Role::Text, "  ");
        }
        view.keys.say(Role::Key, key);
        view.keys.say(Role::Dim, format!(" {words}"));
    }
    view
}

pub(super) fn overlay(size: Size) -> OverlayView {
    let (width, height) = (size.width.min(50), size.height.min(7));
    let rows = [("j k", "down, up"), ("Enter", "opens"), ("y", "copies …")];
    let rows = rows.iter().enumerate().map(|(i, (key, words))| {
        let mut line = Line::of(Role::Key, clean(key));
        line.pad_to(12);
        line.say(Role::Text, words);
        Row {
            gutter: Gutter::Plain,
            line,
            selected: i == 1,
        }
    });
    OverlayView {
        area: Area {
            x: size.width.saturating_sub(width) / 2,
            y: size.height.saturating_sub(height) / 2,
            width,
            height,
        },
        title: Line::of(Role::Label, "keys · Esc closes"),
        rows: rows.collect(),
    }
}
