//! How far ahead of the reader pages are asked for: as far as the reader gets while one is
//! on its way, beyond the screen and a half that is loaded ahead of one who stands still.
//!
//! The service answers for 20 seqs at a time, and one page at a time brings so many per
//! round trip. Where the reader needs more, the pages behind the next one are asked for
//! in the same moment: the next window begins where the one before it ends. Where the
//! guess was wrong, what lies between two pages is an ordinary gap, and asked for as such.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::rows::Paper;
use super::{Block, BlockKind, History};
use crate::app::aloft::page_of;
use crate::app::event::Now;
use crate::app::flights::{Direction, Phase, Scope, Want};
use crate::app::jobs::PageAsk;
use crate::model::ids::Seq;
use crate::model::message::{Ask, Page, PageSize};
use crate::model::timeline::{SeqState, Stretch};

/// The keys of the last half second say how fast the reader moves: fifteen of them where
/// a key repeats, and the first one alone moves nothing far.
const LATELY: Duration = Duration::from_millis(500);

/// Where pages take longer than this, something else is wrong, and more of them in the
/// air would not help.
const LONGEST: Duration = Duration::from_secs(1);

/// At most so many pages lie between the reader and the end of what is asked for: what the
/// default budget lets leave in a second.
const MOST: usize = 20;

/// Where the service counts messages, a page reaches past those it leaves out, into what
/// the page behind it brings as well. With more seqs than this to a page, a fifth or more
/// would come twice: one page is asked for at a time there.
const FURTHEST: u32 = 24;

/// How fast the reader moves towards older, by the keys and not by what they found: who
/// is held up by a page that is missing wants to move all the same.
#[derive(Debug, Default)]
pub(super) struct Stride {
    /// Rows of the keys since the last layout.
    pushed: usize,
    /// Rows of the keys lately, and when that was.
    lately: VecDeque<(Instant, usize)>,
}

/// How many seqs one of the last pages answered for, where it was a whole one.
#[derive(Debug, Default)]
pub(super) struct Span(u32);

impl Span {
    /// A page came.
    pub(super) fn note(&mut self, ask: Ask, page: &Page) {
        let lowest = page.items.iter().filter_map(|item| item.seq).min();
        if let (PageSize::FULL, Some((asked, lowest))) = (ask.count, ask.seq.zip(lowest)) {
            self.0 = (asked.get() + 1).saturating_sub(lowest.get());
        }
    }
}

impl Stride {
    /// A key moves by so many rows; one towards newer, with a positive number, ends the way back.
    pub(super) fn push(&mut self, rows: i64) {
        if rows > 0 {
            self.stop();
        }
        let back = usize::try_from(rows.saturating_neg()).unwrap_or(0);
        self.pushed = self.pushed.saturating_add(back);
    }

    /// The reader went somewhere at one go.
    pub(super) fn stop(&mut self) {
        *self = Self::default();
    }

    /// Now is when the keys came that were counted since the last time.
    fn note(&mut self, now: Instant) {
        let pushed = std::mem::take(&mut self.pushed);
        if pushed > 0 {
            self.lately.push_back((now, pushed));
        }
        let is_old = |at: &Instant| now.saturating_duration_since(*at) >= LATELY;
        while self.lately.front().is_some_and(|(at, _)| is_old(at)) {
            self.lately.pop_front();
        }
    }

    /// How many rows the reader moves in so long a time, going on like this.
    fn rows_in(&self, time: Duration) -> usize {
        let rows: usize = self.lately.iter().map(|(_, rows)| rows).sum();
        let millis = |time: Duration| usize::try_from(time.as_millis()).unwrap_or(usize::MAX);
        rows.saturating_mul(millis(time)).div_ceil(millis(LATELY))
    }
}

/// Pages of one conversation that are asked for already.
struct Asked {
    /// What is in the air, and whether it flies ahead.
    flying: Vec<(Stretch, bool)>,
    /// Given up.
    failed: Vec<Stretch>,
}

impl Asked {
    /// The window that holds a seq.
    fn around(&self, seq: Seq) -> Option<Stretch> {
        let mut windows = self.flying.iter().map(|(window, _)| *window);
        windows.find(|window| window.first() <= seq && seq <= window.last())
    }

    /// A page downwards from a seq: as much as nobody ahead has asked for.
    fn page_down(&self, from: Seq, end: Seq) -> PageAsk {
        let ahead = self.flying.iter().filter(|(_, ahead)| *ahead);
        let below = ahead.map(|(window, _)| window.last()).filter(|l| *l < from);
        let free = below.max().and_then(Seq::next).unwrap_or(end).max(end);
        let count = PageSize::clamped(from.get() - free.get() + 1);
        PageAsk { seq: from, count }
    }
}

impl History {
    /// How many rows further than for one who stands still pages are asked for.
    ///
    /// None further where nobody knows how many rows a page will bring: under a filter,
    /// and after one that brought none; and none where nobody knows how far it reaches.
    pub(super) fn lead(&mut self, paper: &Paper<'_>) -> usize {
        self.stride.note(paper.now.mono);
        let rows_are_known = self.filter.is_none() && self.dry_older == 0;
        let small = paper.flights.asks_less(&self.conversation);
        if !rows_are_known || small || self.span.0 > FURTHEST {
            return 0;
        }
        let rows = self.stride.rows_in(paper.flights.took().min(LONGEST));
        rows.min(MOST * self.rows_of_a_page())
    }

    /// How many rows the messages of a page take, if all are like those on screen.
    fn rows_of_a_page(&self) -> usize {
        let shown = self.shown.rows.iter().filter_map(|row| row.block);
        let (mut rows, mut blocks, mut last) = (0, 0, None);
        for block in shown.filter(|block| block.kind != BlockKind::Gap) {
            rows += 1;
            blocks += usize::from(last != Some(block));
            last = Some(block);
        }
        (full_page() * rows)
            .checked_div(blocks)
            .unwrap_or(full_page())
    }

    /// The page to be asked for next, at the upper end of a gap: all of it that is left.
    pub(super) fn next_down(&self, gap: Block, paper: &Paper<'_>) -> PageAsk {
        self.asked(paper).page_down(gap.last, gap.first)
    }

    /// The gap below the stretch of loaded seqs around one, and how many rows lie between
    /// if they are like those on screen: to lay them out for that would cost each key more
    /// than it costs to ask a page too early.
    pub(super) fn gap_behind(&self, seq: Seq) -> Option<(Block, usize)> {
        let loaded = self.timeline.loaded_around(seq)?;
        let gap = self.block(loaded.first().prev()?)?;
        let seqs = usize::try_from(seq.get() - loaded.first().get()).unwrap_or(usize::MAX);
        Some((
            gap,
            seqs.saturating_mul(self.rows_of_a_page()) / full_page(),
        ))
    }

    /// The pages behind the one that is wanted next, as far as `rows` beyond the upper end
    /// of its gap, without those in the air.
    pub(super) fn pages_ahead(&self, gap: Block, rows: usize, paper: &Paper<'_>) -> Vec<PageAsk> {
        let asked = self.asked(paper);
        let of_page = self.rows_of_a_page();
        let way = Scope::Page(self.conversation.clone(), Direction::Older);
        let mut on_the_way = paper.flights.of(&way);
        if on_the_way.any(|flight| matches!(flight.phase, Phase::Waiting { .. })) {
            return Vec::new();
        }
        let (mut pages, mut passed, mut gap) = (Vec::new(), 0, gap);
        let mut at = gap.last;
        // The one that is wanted next is asked for by others.
        let mut is_next = true;
        while passed < rows && pages.len() < MOST {
            let flying = asked.around(at);
            let page = asked.page_down(at, gap.first);
            let window = flying.unwrap_or_else(|| page.window());
            // Behind an error nobody knows what is worth asking for.
            if asked.failed.iter().any(|f| window.meet(*f).is_some()) {
                break;
            }
            if flying.is_none() && !is_next {
                pages.push(page);
            }
            is_next = false;
            passed += of_page;
            let Some(below) = window.first().prev() else {
                break;
            };
            if below >= gap.first {
                at = below;
                continue;
            }
            let Some((next, between)) = self.gap_behind(below) else {
                break;
            };
            (gap, at, passed) = (next, next.last, passed + between);
        }
        pages
    }

    fn asked(&self, paper: &Paper<'_>) -> Asked {
        let (mut flying, mut failed) = (Vec::new(), Vec::new());
        let generation = self.timeline.generation();
        for flight in paper.flights.iter() {
            let Some((of, page, age)) = page_of(flight) else {
                continue;
            };
            if *of != self.conversation || age != generation {
                continue;
            }
            match flight.phase {
                Phase::Running { .. } => {
                    let ahead = matches!(flight.scope, Scope::Ahead(_));
                    flying.push((page.window(), ahead));
                }
                Phase::Failed { .. } => failed.push(page.window()),
                Phase::Waiting { .. } => {}
            }
        }
        Asked { flying, failed }
    }

    /// What should be loaded ahead of a reader who moves, nearest first; only as of the
    /// layout in which it was seen.
    #[must_use]
    pub fn wants_ahead(&self, now: Now) -> Vec<Want> {
        let (as_of, pages) = match &self.shown.ahead {
            Some((as_of, pages)) => (*as_of, pages.as_slice()),
            None => return Vec::new(),
        };
        let lacking = pages.iter().filter(|page| {
            as_of == now.mono && self.timeline.state(page.seq) == SeqState::Unfetched
        });
        let wants = lacking.map(|page| Want {
            scope: Scope::Ahead(self.conversation.clone()),
            ..self.want(Direction::Older, Some(page.seq), page.count)
        });
        wants.collect()
    }
}

/// Messages of a whole page.
fn full_page() -> usize {
    usize::try_from(PageSize::FULL.get()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::message::{AskNo, Finished, ItemState, Message, Raw};
    use crate::model::text::Clean;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    fn window(first: u32, last: u32) -> Stretch {
        let seq = |n| Seq::new(n).expect("not 0");
        Stretch::new(seq(first), seq(last)).expect("in order")
    }

    #[test]
    fn thirty_rows_a_second_are_six_in_a_fifth_of_one() {
        let (start, mut stride) = (Instant::now(), Stride::default());
        for n in 0..30 {
            stride.push(-1);
            stride.note(start + ms(1000) * n / 30);
        }
        assert_eq!(stride.rows_in(ms(200)), 6);
        assert_eq!(stride.rows_in(Duration::ZERO), 0);
        // Half a second after the last key nobody moves any more.
        stride.note(start + ms(967 + 500));
        assert_eq!(stride.rows_in(ms(200)), 0);
    }

    #[test]
    fn a_key_the_other_way_and_a_jump_end_the_way_back() {
        let (now, mut stride) = (Instant::now(), Stride::default());
        stride.push(-20);
        stride.note(now);
        assert_eq!(stride.rows_in(ms(500)), 20);
        stride.push(1);
        stride.note(now);
        assert_eq!(stride.rows_in(ms(500)), 0);
        stride.push(-20);
        stride.stop();
        stride.note(now);
        assert_eq!(stride.rows_in(ms(500)), 0);
    }

    #[test]
    fn a_page_ends_where_one_ahead_begins() {
        let asked = Asked {
            flying: vec![(window(61, 80), true), (window(21, 40), false)],
            failed: Vec::new(),
        };
        let page = |from: u32, end: u32| {
            let seq = |n| Seq::new(n).expect("not 0");
            asked.page_down(seq(from), seq(end)).window()
        };
        assert_eq!(page(100, 1), window(81, 100));
        assert_eq!(page(99, 1), window(81, 99));
        assert_eq!(page(100, 95), window(95, 100));
        // What is in the air for another reason may overlap, as it always may.
        assert_eq!(page(50, 1), window(31, 50));
        assert_eq!(asked.around(Seq::FIRST), None);
        assert_eq!(asked.around(window(70, 70).first()), Some(window(61, 80)));
    }

    #[test]
    fn a_page_that_reaches_far_is_noticed() {
        let ask = |count: u32| Ask {
            seq: Seq::new(100),
            count: PageSize::clamped(count),
            generation: 0,
            no: AskNo(1),
        };
        let page = |lowest: u32| Page {
            info: Clean::default(),
            items: vec![Message {
                seq: Seq::new(lowest),
                time: None,
                sender: None,
                state: ItemState::Present,
                system: false,
                random: None,
                priority: None,
                repaired: false,
                raw: Raw::from("{}"),
            }],
            finished: Finished::Whole,
        };
        let mut span = Span::default();
        span.note(ask(20), &page(61));
        assert_eq!(span.0, 40);
        // The rest of a stretch says nothing about whole pages.
        span.note(ask(5), &page(96));
        assert_eq!(span.0, 40);
        span.note(ask(20), &page(81));
        assert_eq!(span.0, 20);
    }
}
