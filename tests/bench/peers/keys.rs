//! Keys one by one, many at once, and none; then those that something stands in the way
//! of.

use std::time::Duration;

use crate::exporting;
use crate::loaded;
use crate::meter::{Answer, Spent, stroke};
use crate::program::{Program, Running, settle};
use crate::pty::Pty;
use crate::site::Site;
use crate::stalled;
use crate::table::{Amount, MEDIAN, Row, WORST, percentile};

/// Single keys, in rounds in which the programs take turns.
const ROUNDS: usize = 6;
const KEYS: usize = 50;

/// Pages of one program.
const PAGES: usize = 21;

/// Keys of a burst.
const BURST: usize = 300;

/// Without a key, unless told otherwise.
pub(crate) const QUIET: Duration = Duration::from_mins(1);

/// We may wake once in so many seconds.
const A_WAKE: f64 = 10.0;

/// What a new row may cost beside its text, and a page once more.
const ROW: usize = 24;
const PAGE: usize = 72;

/// Of our p50 to that of less, and of our p99 to our p50.
pub(crate) const TIMES: f64 = 3.0;
pub(crate) const SPREAD: f64 = 5.0;

/// A program and what its keys cost.
pub(crate) struct Pressed<'a> {
    pub(crate) program: &'a Program,
    pub(crate) running: Running,
    bytes: Vec<usize>,
    /// Text of the rows that came with a key.
    text: Vec<usize>,
    pub(crate) times: Vec<Duration>,
}

pub(crate) fn rows(programs: &[Program], site: &Site, silence: Duration) -> Vec<Row> {
    let open = |program| Pressed {
        program,
        running: Program::open(program, site),
        bytes: Vec::new(),
        text: Vec::new(),
        times: Vec::new(),
    };
    let mut all: Vec<Pressed> = programs.iter().map(open).collect();
    for round in 0..ROUNDS {
        // There and back, so that nobody always comes after the same one.
        let mut order: Vec<&mut Pressed> = all.iter_mut().collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for pressed in order {
            for _ in 0..KEYS {
                let answer = stroke(&pressed.running.t, pressed.program.line);
                pressed.times.push(answer.took);
                pressed.bytes.push(answer.bytes);
                pressed.text.push(new_rows(&answer).iter().sum());
            }
        }
    }
    let mut rows = single(&mut all);
    let ours = all.iter().find(|pressed| pressed.program.is_ours());
    rows.extend(ours.map(|ours| loaded::row(ours.program, &ours.running, site)));
    rows.extend([pages(&all), burst(&all)]);
    rows.extend(stalled::rows(&all));
    rows.extend(quiet(&all, silence));
    // Last: it leaves words on our screen.
    rows.extend(exporting::rows(&mut all));
    rows
}

fn single(all: &mut [Pressed]) -> Vec<Row> {
    let mut bytes = Row::new("one line, median");
    let (mut p50, mut p99) = (Row::new("key to last byte, p50"), Row::new("the same, p99"));
    let mut text = 0;
    for pressed in all {
        let program = pressed.program;
        if program.is_ours() {
            text = percentile(&mut pressed.text, MEDIAN);
        }
        bytes.add(
            program,
            Amount::Bytes(percentile(&mut pressed.bytes, MEDIAN)),
        );
        p50.add(
            program,
            Amount::Time(percentile(&mut pressed.times, MEDIAN)),
        );
        p99.add(program, Amount::Time(percentile(&mut pressed.times, WORST)));
    }
    let most = Amount::Bytes(text + ROW).number();
    let bytes = bytes.at_most(most, format!("its text, {text} B, and {ROW} B"));
    let ours = p50.of("ours").map_or(0.0, Amount::number);
    let p99 = p99.at_most(ours * SPREAD, format!("{SPREAD} x our p50"));
    vec![bytes, p50.beside_less(TIMES), p99]
}

fn pages(all: &[Pressed]) -> Row {
    let mut row = Row::new("one page, median");
    let mut allowed = Vec::new();
    for pressed in all {
        let mut bytes = Vec::new();
        for _ in 0..PAGES {
            let answer = stroke(&pressed.running.t, pressed.program.page);
            bytes.push(answer.bytes);
            if pressed.program.is_ours() {
                let rows = new_rows(&answer);
                allowed.push(rows.iter().sum::<usize>() + ROW * rows.len() + PAGE);
            }
        }
        row.add(
            pressed.program,
            Amount::Bytes(percentile(&mut bytes, MEDIAN)),
        );
    }
    let most = percentile(&mut allowed, MEDIAN);
    let words = format!("its text, {ROW} B a row, {PAGE} B: {most} B");
    row.at_most(Amount::Bytes(most).number(), words)
}

fn burst(all: &[Pressed]) -> Row {
    let mut row = Row::new("300 keys at once");
    let mut page = 0;
    for pressed in all {
        let t = &pressed.running.t;
        settle(t);
        let stood = t.shared.lock().raw.len();
        t.send(&pressed.program.line.repeat(BURST));
        t.shared
            .wait("an answer", |s| (s.raw.len() > stood).then_some(()));
        settle(t);
        let bytes = t.shared.lock().raw.len() - stood;
        row.add(pressed.program, Amount::Bytes(bytes));
        if pressed.program.is_ours() {
            page = full_page(t);
        }
    }
    row.at_most(Amount::Bytes(page).number(), format!("one page, {page} B"))
}

/// What a picture of all rows may cost.
pub(crate) fn full_page(t: &Pty) -> usize {
    let screen = t.screen();
    let height = usize::from(screen.size().0.get());
    screen.contents().len() + ROW * height + PAGE
}

/// All of them at the same time: a machine that does something else does it to all.
fn quiet(all: &[Pressed], silence: Duration) -> Vec<Row> {
    for pressed in all {
        settle(&pressed.running.t);
    }
    let stands = |pressed: &Pressed| {
        let t = &pressed.running.t;
        (t.shared.lock().raw.len(), Spent::so_far(t))
    };
    let before: Vec<_> = all.iter().map(stands).collect();
    std::thread::sleep(silence);
    let mut bytes = Row::new(format!("{} s of silence, bytes", silence.as_secs()));
    let mut ticks = Row::new("ticks of the processor");
    let mut wakes = Row::new("times woken");
    for (pressed, (raw, spent)) in all.iter().zip(before) {
        let (now, so_far) = stands(pressed);
        let since = so_far.since(spent);
        bytes.add(pressed.program, Amount::Bytes(now - raw));
        ticks.add(pressed.program, Amount::Count(since.ticks));
        wakes.add(pressed.program, Amount::Count(since.wakes));
    }
    let most = (silence.as_secs_f64() / A_WAKE).floor();
    vec![
        bytes.at_most(0.0, "0".to_owned()),
        ticks.at_most(1.0, "1".to_owned()),
        wakes.at_most(most, most.to_string()),
    ]
}

/// Lengths of the rows between the first and the last two that were not there before.
fn new_rows(answer: &Answer) -> Vec<usize> {
    let (old, new) = (body(&answer.before), body(&answer.after));
    let new = new.iter().filter(|row| !old.contains(row));
    new.map(String::len).collect()
}

pub(crate) fn body(screen: &vt100::Screen) -> Vec<String> {
    let (height, width) = (screen.size().0.get(), screen.size().1.get());
    let rows = screen.rows(0, width).skip(1);
    // The gutter's mark of the selection is not the row's text.
    rows.take(usize::from(height).saturating_sub(3))
        .map(|row| row.replace('▌', " ").trim().to_owned())
        .collect()
}
