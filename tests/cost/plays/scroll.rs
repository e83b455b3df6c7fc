//! Scrolling one pane that fills the screen, and three that stand beside each other.

use tim_history::emulator::{Emulator, Group, World};

use super::stock;
use crate::home::{Home, serving};
use crate::meter::{rest, stroke};
use crate::pty::Pty;

/// Enough for a median.
const STROKES: usize = 21;

/// Loaded before anything is measured: more than all strokes show.
pub(crate) const GROUP: &str = "@TGS#A";

/// A program that reads a group, and the service that it needs.
pub(crate) struct Reader {
    pub(crate) t: Pty,
    /// Held for its end.
    _home: Home,
    pub(crate) service: Emulator,
}

impl Reader {
    /// Opens the newest messages of a group of so many, in 16 colours.
    pub(crate) fn open(messages: u32, size: (u16, u16)) -> Self {
        let service = serving(World::of(vec![Group::chat(GROUP, messages).dialogues(1)]));
        let home = Home::new();
        home.configure(&format!(
            "color = \"16\"\nmouse = true\n{}calls_per_second = 200\n",
            service.profile_toml()
        ));
        let t = home.open(&["--group", GROUP], size);
        t.shows(&[&format!("seq {} of", grouped(messages))]);
        Self {
            t,
            _home: home,
            service,
        }
    }

    /// Goes back some screens, so that those below are loaded, and half of them forward.
    pub(crate) fn in_the_middle(&self) {
        for key in ["<pageup>", "<pagedown>"] {
            for _ in 0..if key == "<pageup>" { 40 } else { 20 } {
                self.t.keys(key);
                self.t.catch_up();
                // Else it depends on the machine how far one gets.
                self.t.hides("not loaded");
            }
        }
        rest(&self.t);
    }
}

/// A number as the status line writes it.
fn grouped(n: u32) -> String {
    let (thousands, rest) = (n / 1_000, n % 1_000);
    if thousands == 0 {
        rest.to_string()
    } else {
        format!("{thousands},{rest:03}")
    }
}

/// One kind of stroke, many times.
#[derive(Debug, Clone)]
pub(crate) struct Cost {
    pub(crate) name: &'static str,
    /// Of the stroke that is the middle one by what it takes beyond what is allowed.
    pub(crate) bytes: usize,
    /// What the goal allows for the same stroke.
    pub(crate) allowed: usize,
}

/// What is pressed, how often it moves by one row, and what a stroke may cost beside
/// the text: for each row and once.
struct Kind {
    name: &'static str,
    keys: &'static [u8],
    rows: Option<usize>,
    each: usize,
    once: usize,
}

const KINDS: [Kind; 7] = [
    Kind {
        name: "Ctrl-Y",
        keys: b"\x19",
        rows: Some(1),
        each: 24,
        once: 0,
    },
    Kind {
        name: "Ctrl-E",
        keys: b"\x05",
        rows: Some(1),
        each: 24,
        once: 0,
    },
    Kind {
        name: "k",
        keys: b"k",
        rows: Some(1),
        each: 72,
        once: 0,
    },
    Kind {
        name: "wheel",
        keys: b"\x1b[A\x1b[A\x1b[A",
        rows: Some(3),
        each: 72,
        once: 0,
    },
    Kind {
        name: "wheel, captured",
        keys: b"\x1b[<64;10;10M",
        rows: Some(3),
        each: 24,
        once: 0,
    },
    Kind {
        name: "page up",
        keys: b"\x1b[5~",
        rows: None,
        each: 24,
        once: 72,
    },
    Kind {
        name: "page down",
        keys: b"\x1b[6~",
        rows: None,
        each: 24,
        once: 72,
    },
];

/// Every kind of scrolling with the messages alone on the screen.
pub(crate) fn zoomed(size: (u16, u16)) -> Vec<Cost> {
    let reader = Reader::open(5_000, size);
    reader.in_the_middle();
    reader.t.keys("+");
    rest(&reader.t);
    KINDS.iter().map(|kind| measure(&reader.t, kind)).collect()
}

fn measure(t: &Pty, kind: &Kind) -> Cost {
    if kind.name == "k" {
        to_the_edge(t);
    }
    let mut costs = Vec::new();
    for _ in 0..STROKES {
        let answer = stroke(t, kind.keys);
        let rows = new_rows(&answer.before, &answer.after);
        let text: usize = rows.iter().map(String::len).sum();
        let count = kind.rows.unwrap_or(rows.len());
        costs.push(Cost {
            name: kind.name,
            bytes: answer.bytes,
            allowed: text + kind.each * count + kind.once,
        });
    }
    // Each against its own text: what the rows say depends on where it was begun.
    let over = |cost: &Cost| cost.bytes.cast_signed() - cost.allowed.cast_signed();
    costs.sort_by_key(over);
    costs.swap_remove(STROKES / 2)
}

/// Up to where a step up scrolls.
fn to_the_edge(t: &Pty) {
    for _ in 0..t.screen().size().0.get() {
        t.keys("k");
    }
    t.catch_up();
    rest(t);
}

/// Rows between title and status that were not there before.
pub(crate) fn new_rows(before: &vt100::Screen, after: &vt100::Screen) -> Vec<String> {
    let old = body(before);
    let new = body(after);
    new.into_iter().filter(|row| !old.contains(row)).collect()
}

fn body(screen: &vt100::Screen) -> Vec<String> {
    let (height, width) = (screen.size().0.get(), screen.size().1.get());
    let rows = screen.rows(0, width).skip(1);
    // The gutter's mark of the selection is not the row's text.
    rows.take(usize::from(height).saturating_sub(3))
        .map(|row| row.replace('▌', " ").trim().to_owned())
        .collect()
}

/// One line up with all panes: our bytes and those of ratatui's own writer for the
/// same two pictures.
pub(crate) fn beside(size: (u16, u16)) -> (usize, usize) {
    let reader = Reader::open(5_000, size);
    reader.in_the_middle();
    to_the_edge(&reader.t);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..STROKES {
        let answer = stroke(&reader.t, b"k");
        ours.push(answer.bytes);
        theirs.push(stock::bytes(&answer.before, &answer.after));
    }
    (median(&mut ours), median(&mut theirs))
}

pub(crate) fn median<T: Ord + Copy>(values: &mut [T]) -> T {
    values.sort_unstable();
    values[values.len() / 2]
}
