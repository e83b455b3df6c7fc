use super::*;
use crate::model::error::{Attempt, Fault};

/// 2024-05-20 08:00:00 UTC.
const NOW: i64 = 1_716_192_000;
const DAY: i64 = 86_400;

fn at(seconds: i64) -> Option<Timestamp> {
    Timestamp::new(seconds)
}

fn member() -> Member {
    Member {
        role: Some("Admin".to_owned()),
        joined: at(NOW - 20 * DAY),
        muted_until: at(NOW - DAY),
        read_seq: Some(812),
        last_sent: at(NOW - 7_200),
        ..Member::new(UserId::new("agent_li"))
    }
}

fn card<'a>(id: &'a UserId, known: Knowledge<'a>) -> Card<'a> {
    Card {
        id,
        name: None,
        known,
        message: Seq::new(800).map(|seq| (seq, at(NOW - 10 * DAY))),
        head: Seq::new(900),
        loaded: 37,
        topic: false,
    }
}

fn shown(card: &Card<'_>) -> String {
    drawn(card, (80, 24), &mut 0).1.join("\n")
}

fn drawn(card: &Card<'_>, size: (u16, u16), scroll: &mut usize) -> (OverlayView, Vec<String>) {
    let (width, height) = size;
    let look = Look {
        zone: &Zone::utc(),
        now: at(NOW),
        size: Size { width, height },
        keys: "Esc closes",
    };
    let view = view(card, &look, scroll);
    let rows = view.rows.iter();
    let rows = rows.map(|r| r.line.text().trim_end().to_owned()).collect();
    (view, rows)
}

fn of_member(change: impl FnOnce(&mut Member)) -> String {
    let mut member = member();
    change(&mut member);
    let id = UserId::new("agent_li");
    shown(&card(&id, Knowledge::Member(&member)))
}

#[test]
fn a_member_s_facts_stand_in_rows() {
    let expected = "\
ID        agent_li
loaded    37 of their messages

role      Admin
joined    2024-04-30 08:00:00 +00:00 · 20 days ago
muted     no
read      up to seq 812, 88 behind the newest
last sent 2024-05-20 06:00:00 +00:00 · 2 h ago

Has read message 800.
Joined 10 days before message 800 was sent.";
    assert_eq!(of_member(|_| {}), expected);
}

#[test]
fn mutes_run_end_or_stay() {
    let text = of_member(|m| m.muted_until = at(NOW + 3 * DAY));
    assert!(
        text.contains("muted     until 2024-05-23 08:00:00 +00:00 · in 3 days"),
        "{text}"
    );
    let text = of_member(|m| m.muted_until = at(i64::from(u32::MAX)));
    assert!(text.contains("muted     for good"), "{text}");
    let text = of_member(|m| m.muted_until = None);
    assert!(text.contains("muted     no"), "{text}");
}

#[test]
fn reading_is_compared_with_the_newest_and_with_the_message() {
    let table = [
        (
            Some(0),
            "read      nothing yet",
            "Has not read message 800.",
        ),
        (
            Some(799),
            ", 101 behind the newest",
            "Has not read message 800.",
        ),
        (
            Some(800),
            ", 100 behind the newest",
            "Has read message 800.",
        ),
        (
            Some(900),
            "up to seq 900, the newest",
            "Has read message 800.",
        ),
        (
            Some(950),
            "up to seq 950, the newest",
            "Has read message 800.",
        ),
    ];
    for (read, position, message) in table {
        let text = of_member(|m| m.read_seq = read);
        assert!(text.contains(position) && text.contains(message), "{text}");
    }
    let text = of_member(|m| m.read_seq = None);
    assert!(text.contains("read      not said"), "{text}");
    assert!(!text.contains("message 800.\n"), "{text}");
    // A topic has seqs of its own.
    let (id, member) = (UserId::new("a"), member());
    let topic = Card {
        topic: true,
        ..card(&id, Knowledge::Member(&member))
    };
    let text = shown(&topic);
    assert!(text.contains("not told per topic"), "{text}");
    assert!(
        !text.contains("behind") && !text.contains("Has read"),
        "{text}"
    );
}

#[test]
fn joining_after_the_message_is_said_carefully() {
    let sent = NOW - 10 * DAY;
    let text = of_member(|m| m.joined = at(sent + 3 * DAY));
    assert!(
        text.contains("Joined 3 days after message 800 was sent."),
        "{text}"
    );
    let text = of_member(|m| m.joined = at(sent + 5));
    assert!(text.contains("Joined less than a minute after"), "{text}");
    let text = of_member(|m| m.joined = at(sent));
    assert!(text.contains("Joined less than a minute before"), "{text}");
    let text = of_member(|m| m.joined = None);
    assert!(!text.contains("Joined"), "{text}");
    let (id, member) = (UserId::new("a"), member());
    let mut timeless = card(&id, Knowledge::Member(&member));
    timeless.message = Seq::new(800).map(|seq| (seq, None));
    assert!(shown(&timeless).contains("Message 800 has no time"));
    timeless.message = None;
    assert!(!shown(&timeless).contains("800"));
}

#[test]
fn without_facts_the_card_says_why() {
    let id = UserId::new("a");
    let text = |known| shown(&card(&id, known));
    assert!(text(Knowledge::Asking).contains("asking"));
    assert!(text(Knowledge::NotAMember).contains("Not a member now"));
    let error = ApiError {
        attempt: Attempt {
            command: "get_specified_group_member_info",
            subject: None,
            seq: None,
        },
        fault: Fault::Service {
            code: 10_007,
            info: clean("no \u{1b}[2Jpermission"),
        },
    };
    let failed = text(Knowledge::Failed(&error));
    assert!(failed.contains("10007"), "{failed}");
    assert!(!failed.contains('\u{1b}'), "{failed}");
    let robot = UserId::new("@RBT#assistant");
    let reason = unasked(&robot).expect("not asked for");
    assert!(text(Knowledge::NotAsked(reason)).contains("robot"));
    assert!(unasked(&UserId::new("administrator")).is_some());
    assert!(unasked(&UserId::new("@TIM#SYSTEM")).is_some());
    assert_eq!(unasked(&id), None);
}

#[test]
fn foreign_text_stays_text_in_its_row() {
    let id = UserId::new("a\u{1b}[31m\nrole      Owner");
    let mut member = member();
    member.role = Some("\u{202e}Admin\nmuted no".to_owned());
    let name = clean("x\ny");
    let hostile = Card {
        name: Some(&name),
        ..card(&id, Knowledge::Member(&member))
    };
    let (_, rows) = drawn(&hostile, (80, 24), &mut 0);
    let count = |start: &str| rows.iter().filter(|row| row.starts_with(start)).count();
    assert_eq!((count("role "), count("muted "), count("name ")), (1, 1, 1));
    assert!(!rows.concat().contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn the_card_fits_every_screen_and_scrolls() {
    let (id, member) = (UserId::new("agent_li"), member());
    let card = card(&id, Knowledge::Member(&member));
    for (width, height) in [(160, 48), (80, 24), (40, 10), (12, 5), (1, 1), (0, 0)] {
        let mut scroll = usize::MAX;
        let (view, rows) = drawn(&card, (width, height), &mut scroll);
        let area = view.area;
        assert!(area.x + area.width <= width && area.y + area.height <= height);
        assert!(rows.len() <= usize::from(area.height.saturating_sub(2)));
        let inner = usize::from(width.saturating_sub(AROUND)).max(1);
        assert!(view.rows.iter().all(|row| row.line.width() <= inner));
    }
    let (view, rows) = drawn(&card, (40, 10), &mut 99);
    assert!(view.title.text().contains("j k scroll"));
    assert!(
        rows.join(" ").ends_with("before message 800 was sent."),
        "{rows:?}"
    );
}
