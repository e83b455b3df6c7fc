//! The list of marked messages: a box to jump from.

use std::fmt;

use super::action::Action;
use super::event::Size;
use super::line::{Line, Role};
use super::overlay::{BoxOutcome, centered, row};
use super::remembered::Mark;
use super::view::OverlayView;
use crate::model::ids::Seq;
use crate::model::text::{Clean, clean, grouped};

/// The box of one conversation's marks. It holds a message, not a place in the
/// list: marks may come and go while it is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarksBox {
    at: Seq,
    /// Rows above the box, as it was last laid out.
    top: usize,
}

/// What the box needs to show itself.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The terminal's.
    pub size: Size,
    /// When a message was sent, ready to show; `None` where that is not known.
    pub time_of: &'a dyn Fn(Seq) -> Option<String>,
    /// What a message says, if it is loaded.
    pub line_of: &'a dyn Fn(Seq) -> Option<Clean>,
    /// What the keys do here, for the title: `Enter goes there · d unmarks · Esc closes`.
    pub keys: &'a str,
    /// What to do where there is no mark yet: `m marks the selected message`.
    pub how: &'a str,
}

impl fmt::Debug for Look<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Look")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// Cells of the box: a note or a summary beside seq and time.
const WIDTH: u16 = 96;
/// Cells of the frame, the pointer and a blank.
const AROUND: u16 = 4;
/// Columns apart.
const GAP: usize = 2;

impl MarksBox {
    /// The box, with the mark nearest to this message chosen; `None` stands for
    /// the newest end.
    #[must_use]
    pub fn new(at: Option<Seq>) -> Self {
        Self {
            at: at.unwrap_or(Seq::LAST),
            top: 0,
        }
    }

    /// The message of the chosen mark; `None` where there are no marks.
    #[must_use]
    pub fn chosen(&self, marks: &[Mark]) -> Option<Seq> {
        marks.get(self.index(marks))?.seq()
    }

    /// Moves in the list, goes to the chosen message or closes; `page` is the
    /// number of rows that a page turns.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a box answers for its list only"
    )]
    pub fn act(&mut self, action: Action, marks: &[Mark], page: usize) -> BoxOutcome {
        let at = self.index(marks);
        let last = marks.len().saturating_sub(1);
        let page = page.max(1);
        let to = match action {
            Action::Down => at.saturating_add(1),
            Action::Up => at.saturating_sub(1),
            Action::PageDown => at.saturating_add(page),
            Action::PageUp => at.saturating_sub(page),
            Action::HalfDown => at.saturating_add(page.div_ceil(2)),
            Action::HalfUp => at.saturating_sub(page.div_ceil(2)),
            Action::Top => 0,
            Action::Bottom => last,
            Action::In => {
                let chosen = self.chosen(marks);
                return chosen.map_or(BoxOutcome::Stay, BoxOutcome::Jump);
            }
            Action::Out | Action::Close | Action::Cancel => return BoxOutcome::Close,
            _ => return BoxOutcome::Stay,
        };
        if let Some(seq) = marks.get(to.min(last)).and_then(Mark::seq) {
            self.at = seq;
        }
        BoxOutcome::Stay
    }

    /// One row for each mark, oldest first: seq, time, and the note, or what the
    /// message says, or that it is not loaded.
    #[must_use]
    pub fn view(&mut self, marks: &[Mark], look: Look<'_>) -> OverlayView {
        let title = Line::new()
            .saying(Role::Label, title(marks.len()))
            .saying(Role::Dim, format!(" · {}", look.keys));
        if marks.is_empty() {
            let text = Clean::ours(format!("No message is marked here; {}.", look.how));
            let width = centered(look.size, WIDTH, 0).width.saturating_sub(AROUND);
            let rows: Vec<_> = text
                .words(usize::from(width).max(1))
                .map(|line| row(Line::of(Role::Dim, line), false))
                .collect();
            return OverlayView {
                area: centered(look.size, WIDTH, rows.len() + 2),
                title,
                rows,
            };
        }
        let area = centered(look.size, WIDTH, marks.len() + 2);
        let height = usize::from(area.height.saturating_sub(2)).max(1);
        let chosen = self.index(marks);
        let lowest = (chosen + 1).saturating_sub(height);
        self.top = self
            .top
            .clamp(lowest, chosen)
            .min(marks.len().saturating_sub(height));
        let shown: Vec<Entry<'_>> = marks
            .iter()
            .skip(self.top)
            .take(height)
            .filter_map(|mark| Entry::of(mark, &look))
            .collect();
        let columns = Columns {
            seq: widest(&shown, |entry| entry.seq.width()),
            time: widest(&shown, |entry| entry.time.width()),
            all: usize::from(area.width.saturating_sub(AROUND)),
        };
        let rows = shown
            .iter()
            .zip(self.top..)
            .map(|(entry, index)| row(entry.line(&columns), index == chosen))
            .collect();
        OverlayView { area, title, rows }
    }

    /// Where in the list the mark is that lies nearest to the message held.
    fn index(&self, marks: &[Mark]) -> usize {
        let at = self.at.get();
        let above = marks.partition_point(|mark| mark.seq < at);
        let distance = |index: usize| marks.get(index).map(|mark| mark.seq.abs_diff(at));
        match (above.checked_sub(1).and_then(distance), distance(above)) {
            (Some(older), Some(newer)) if older < newer => above - 1,
            (Some(_), None) => above - 1,
            _ => above,
        }
    }
}

fn title(marks: usize) -> String {
    match marks {
        0 => "marks".to_owned(),
        1 => "1 mark".to_owned(),
        _ => format!("{marks} marks"),
    }
}

/// One mark as it is shown.
struct Entry<'a> {
    seq: Clean,
    time: Clean,
    mark: &'a Mark,
    said: Option<Clean>,
}

struct Columns {
    seq: usize,
    time: usize,
    all: usize,
}

impl<'a> Entry<'a> {
    fn of(mark: &'a Mark, look: &Look<'_>) -> Option<Self> {
        let seq = mark.seq()?;
        let time = (look.time_of)(seq).unwrap_or_default();
        Some(Self {
            seq: Clean::ours(grouped(seq)),
            time: Clean::ours(time),
            mark,
            said: (look.line_of)(seq),
        })
    }

    fn line(&self, columns: &Columns) -> Line {
        let mut line = Line::new();
        line.pad_to(columns.seq.saturating_sub(self.seq.width()));
        line.push(Role::Label, self.seq.clone());
        let mut column = columns.seq + GAP;
        if columns.time > 0 {
            line.pad_to(column);
            line.push(Role::Time, self.time.clone());
            column += columns.time + GAP;
        }
        line.pad_to(column);
        let (role, text) = match &self.said {
            _ if !self.mark.note.is_empty() => (Role::Text, clean(&self.mark.note)),
            Some(said) => (Role::Dim, said.clone()),
            None => (Role::Ours, Clean::from("not loaded")),
        };
        let room = columns.all.saturating_sub(column);
        line.push(role, text.one_line().truncate(room));
        line
    }
}

fn widest(entries: &[Entry<'_>], width: impl Fn(&Entry<'_>) -> usize) -> usize {
    entries.iter().map(width).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(seqs: &[u32]) -> Vec<Mark> {
        seqs.iter()
            .filter_map(|seq| Some(Mark::new(Seq::new(*seq)?, "", None)))
            .collect()
    }

    fn seq(number: u32) -> Option<Seq> {
        Seq::new(number)
    }

    fn look(size: (u16, u16)) -> Look<'static> {
        Look {
            size: Size {
                width: size.0,
                height: size.1,
            },
            time_of: &|seq| (seq.get() < 100).then(|| "14:05".to_owned()),
            line_of: &|seq| (seq.get() < 100).then(|| clean("say\n\u{1b}[31mred")),
            keys: "Enter goes there",
            how: "m marks the selected message",
        }
    }

    fn texts(view: &OverlayView) -> Vec<String> {
        view.rows.iter().map(|row| row.line.text()).collect()
    }

    #[test]
    fn the_mark_nearest_to_the_reader_is_chosen() {
        let all = marks(&[10, 20, 30]);
        let from = |at| MarksBox::new(at).chosen(&all).map(Seq::get);
        assert_eq!(from(None), Some(30));
        assert_eq!(from(seq(1)), Some(10));
        assert_eq!(from(seq(14)), Some(10));
        assert_eq!(from(seq(16)), Some(20));
        assert_eq!(from(seq(30)), Some(30));
        assert_eq!(MarksBox::new(None).chosen(&[]), None);
    }

    #[test]
    fn keys_move_jump_and_close() {
        let all = marks(&[10, 20, 30, 40, 50]);
        let mut list = MarksBox::new(seq(10));
        let table = [
            (Action::Down, 20),
            (Action::PageDown, 40),
            (Action::PageDown, 50),
            (Action::HalfUp, 40),
            (Action::Up, 30),
            (Action::Top, 10),
            (Action::Up, 10),
            (Action::Bottom, 50),
            (Action::Pin, 50),
        ];
        for (step, (action, at)) in table.into_iter().enumerate() {
            assert_eq!(list.act(action, &all, 2), BoxOutcome::Stay);
            assert_eq!(list.chosen(&all), seq(at), "step {step}");
        }
        let jump = seq(50).map(BoxOutcome::Jump);
        assert_eq!(Some(list.act(Action::In, &all, 2)), jump);
        assert_eq!(list.act(Action::Out, &all, 2), BoxOutcome::Close);
        assert_eq!(list.act(Action::Close, &all, 2), BoxOutcome::Close);
        assert_eq!(list.act(Action::In, &[], 0), BoxOutcome::Stay);
    }

    #[test]
    fn another_one_near_is_chosen_when_a_mark_goes() {
        let mut list = MarksBox::new(seq(20));
        assert_eq!(list.chosen(&marks(&[10, 20, 25])), seq(20));
        assert_eq!(list.chosen(&marks(&[10, 25])), seq(25));
        list.act(Action::Up, &marks(&[10, 25]), 1);
        assert_eq!(list.chosen(&marks(&[10, 25])), seq(10));
    }

    #[test]
    fn a_row_says_the_note_or_the_message_or_that_it_is_not_loaded() {
        let mut all = marks(&[7, 8, 812]);
        if let Some(first) = all.first_mut() {
            first.note = "a \u{202e}note".to_owned();
        }
        let view = MarksBox::new(None).view(&all, look((80, 24)));
        let rows = texts(&view);
        assert_eq!(rows.len(), 3);
        assert!(rows[0].starts_with("  7  14:05  a ") && rows[0].ends_with("note"));
        assert!(!rows[0].contains('\u{202e}'));
        assert!(rows[1].starts_with("  8  14:05  say"), "{:?}", rows[1]);
        assert!(!rows[1].contains(['\n', '\u{1b}']), "{:?}", rows[1]);
        assert_eq!(rows[2], "812         not loaded");
        let roles = |row: usize| view.rows[row].line.pieces.last().map(|piece| piece.role);
        assert_eq!(
            [0, 1, 2].map(roles),
            [Role::Text, Role::Dim, Role::Ours].map(Some)
        );
        assert!(view.rows[2].selected && !view.rows[0].selected);
    }

    #[test]
    fn an_empty_list_says_how_to_set_one() {
        let view = MarksBox::new(None).view(&[], look((40, 10)));
        let text = texts(&view).concat();
        assert!(text.contains("m marks the selected message"), "{text}");
    }

    #[test]
    fn the_chosen_row_is_inside_at_every_size() {
        let all = marks(&(1..=60).collect::<Vec<u32>>());
        let mut list = MarksBox::new(seq(1));
        for (width, height) in [(120, 40), (40, 10), (10, 3), (1, 1), (0, 0), (80, 24)] {
            for action in [Action::Bottom, Action::PageUp, Action::Down, Action::Top] {
                list.act(action, &all, 10);
                let view = list.view(&all, look((width, height)));
                let area = view.area;
                assert!(area.x + area.width <= width && area.y + area.height <= height);
                assert_eq!(view.rows.iter().filter(|row| row.selected).count(), 1);
                let room = usize::from(area.height.saturating_sub(2)).max(1);
                assert!(view.rows.len() <= room);
            }
        }
    }
}
