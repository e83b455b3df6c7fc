//! What the single steps take: from bytes of a reply to bytes for the terminal.
//!
//! `cargo bench --bench micro` prints the time of each step and, where there are any,
//! bytes or items per second; `-- NAME` runs those with that in their names. All of it
//! takes half a minute.
//!
//! | module | what is timed |
//! |---|---|
//! | `sanitise` | text as it came made safe to show |
//! | `parse` | the JSON of a reply made a page |
//! | `calls` | finding that all that is wanted is on its way |
//! | `layout` | the program taking one key, with ten thousand messages loaded |
//! | `frame` | painting what is to be seen; writing it, shift and difference included |
//! | `search` | looking through all that is loaded |
//! | `store` | taking in a page; inflating sixty-four messages that were put away |

mod desk;
mod talk;

use std::sync::Arc;
use std::time::Duration;

use desk::{Desk, Talked};
use divan::Divan;
use talk::{PAGE, Talk};
use tim_history::api::wire;
use tim_history::model::ids::{Conversation, GroupId, Seq};
use tim_history::model::message::{Ask, AskNo, Page, PageSize};
use tim_history::model::timeline::Timeline;

/// Of one step: enough for a median that comes again.
const EACH: Duration = Duration::from_millis(700);

fn main() {
    Divan::from_args().max_time(EACH).main();
}

/// Messages behind what is painted, and those that are searched.
const LOADED: u32 = 10_000;
const SEARCHED: u32 = 100_000;

/// A picture of the usual size.
const SIZE: (u16, u16) = (120, 40);

/// A desk in the middle of many messages, so that every key moves something.
fn desk() -> Desk {
    let talked = Talked {
        head: LOADED,
        odd: None,
    };
    let mut desk = Desk::at(talked, SIZE);
    desk.load_all();
    for _ in 0..SIZE.1 {
        desk.press("pageup");
    }
    desk
}

fn conversation() -> Conversation {
    Conversation::group(GroupId::new(desk::GROUP))
}

fn read(body: &Arc<[u8]>) -> Page {
    wire::page(body, &conversation()).expect("our own replies can be read")
}

/// The nth ask, for the page that ends below `end`.
fn ask(no: u64, end: u32) -> Ask {
    Ask {
        seq: Seq::new(end - 1),
        count: PageSize::FULL,
        generation: 0,
        no: AskNo(no),
    }
}

/// So many messages, merged from the newest page down.
fn loaded(messages: u32) -> Timeline {
    let (mut talk, mut timeline) = (Talk::new(), Timeline::new());
    for (no, page) in (0..messages / PAGE).rev().enumerate() {
        let first = page * PAGE + 1;
        let page = read(&talk.page(first));
        timeline.merge(ask(no as u64 + 1, first + PAGE), page);
    }
    timeline
}

mod sanitise {
    use divan::Bencher;
    use divan::counter::BytesCount;
    use tim_history::model::text::clean;

    const ASCII: &str =
        "your parcel left Leipzig this morning and should arrive tomorrow before noon ";
    const CHINESE: &str = "您好，我马上为您查询，请稍等片刻。快递还没有到，请帮我查一下";
    /// A title, a clipboard, colours, C1 and C0 controls, bidi overrides, zero width and
    /// a pile of marks.
    const HOSTILE: &str = "\u{1b}]0;title\u{7}a\u{1b}]52;c;eA==\u{7}\u{1b}[31mred\u{9b}2J\u{202e}evil\u{2066}\
                           \u{200b}z\u{200d}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{e0041}\0\u{8}\r";

    #[divan::bench(args = ["ascii", "chinese", "hostile"])]
    fn four_kibibytes(bencher: Bencher<'_, '_>, kind: &str) {
        let piece = match kind {
            "ascii" => ASCII,
            "chinese" => CHINESE,
            _ => HOSTILE,
        };
        let text = piece.repeat((4 << 10) / piece.len());
        bencher
            .counter(BytesCount::of_str(&text))
            .bench(|| clean(divan::black_box(&text)));
    }
}

mod parse {
    use divan::Bencher;
    use divan::counter::BytesCount;

    use super::{Talk, read};

    #[divan::bench(args = [20, 100])]
    fn page_of_so_many(bencher: Bencher<'_, '_>, items: u32) {
        let body = Talk::new().body(1, items);
        bencher
            .counter(BytesCount::of_slice(&*body))
            .bench(|| read(divan::black_box(&body)));
    }
}

mod calls {
    use std::time::Instant;

    use divan::Bencher;
    use divan::counter::ItemsCount;
    use tim_history::app::event::Request;
    use tim_history::app::flights::{Flights, Scope, Want};

    use super::{PAGE, ask, conversation};

    fn page(no: u32) -> Want {
        Want {
            scope: Scope::Job(conversation()),
            request: Request::History {
                conversation: conversation(),
                ask: ask(0, (no + 1) * PAGE),
            },
        }
    }

    /// A slow link at the default rate, and at ten times that: each call is to take as long.
    #[divan::bench(args = [60, 600])]
    fn in_the_air(bencher: Bencher<'_, '_>, calls: u32) {
        let wants: Vec<Want> = (1..=calls).map(page).collect();
        let (mut flights, now) = (Flights::new(1), Instant::now());
        flights.reconcile(&wants, now);
        let bencher = bencher.counter(ItemsCount::new(calls));
        bencher.bench_local(|| flights.reconcile(&wants, now));
    }
}

mod layout {
    use divan::Bencher;

    use super::desk;

    /// A key and the one that undoes it in turn.
    #[divan::bench(args = ["k j", "ctrl-y ctrl-e", "pageup pagedown", "? ?"])]
    fn key(bencher: Bencher<'_, '_>, pair: &str) {
        let mut desk = desk();
        let mut keys = pair.split(' ').cycle();
        bencher.bench_local(|| desk.press(keys.next().expect("without end")));
    }
}

mod frame {
    use std::io::Read as _;
    use std::time::Duration;

    use divan::Bencher;
    use divan::counter::ItemsCount;
    use tim_history::runtime::screen::{Frame, Screen};
    use tim_history::runtime::terminal::Output;
    use tim_history::ui::Colors;

    use super::{Desk, SIZE, desk};

    fn cells() -> ItemsCount {
        ItemsCount::new(u32::from(SIZE.0) * u32::from(SIZE.1))
    }

    #[divan::bench]
    fn painted(bencher: Bencher<'_, '_>) {
        let mut desk = desk();
        bencher.counter(cells()).bench_local(|| {
            desk.paint();
        });
    }

    fn picture(desk: &mut Desk) -> Frame {
        Frame {
            picture: desk.paint().clone().into(),
            cursor: None,
        }
    }

    /// The writer with its thread, to the last byte: from one picture to the next and back.
    #[divan::bench(args = ["k", "ctrl-y", "pageup", "?"])]
    fn written(bencher: Bencher<'_, '_>, key: &str) {
        let mut desk = desk();
        let first = picture(&mut desk);
        desk.press(key);
        let mut frames = [first, picture(&mut desk)].into_iter().cycle();
        let (mut read, write) = std::io::pipe().expect("a pipe");
        let screen = Screen::spawn(Output::new(write.into()), Colors::Sixteen);
        let mut screen = screen.expect("a thread");
        let (mut came, mut bytes) = (0, vec![0; 1 << 16]);
        bencher
            .counter(cells())
            .with_inputs(|| frames.next().expect("without end"))
            .bench_local_values(|frame| {
                screen.show(frame);
                // They are counted before they are written: after some, all are known.
                loop {
                    came += read.read(&mut bytes).expect("bytes") as u64;
                    if came == screen.stats().bytes {
                        break;
                    }
                }
            });
        assert!(screen.stop(Duration::from_secs(1)));
    }
}

mod search {
    use std::sync::LazyLock;

    use divan::Bencher;
    use divan::counter::BytesCount;
    use tim_history::model::haystack::Haystack;
    use tim_history::model::ids::Seq;
    use tim_history::model::needle::Needle;
    use tim_history::model::timeline::Timeline;

    use super::{SEARCHED, loaded};

    static TIMELINE: LazyLock<(Timeline, usize)> = LazyLock::new(|| {
        let timeline = loaded(SEARCHED);
        let mut bytes = 0;
        timeline.each(&(Seq::FIRST..=Seq::LAST), |_, message| {
            Haystack::of(message).read(|text| {
                bytes += text.len();
                true
            });
        });
        (timeline, bytes)
    });

    /// A capital is looked for as it stands, small letters find both cases.
    #[divan::bench(args = ["Quagmire", "quagmire", "re:quag(m|n)ire"])]
    fn a_hundred_thousand(bencher: Bencher<'_, '_>, needle: &str) {
        let (timeline, bytes) = &*TIMELINE;
        let needle = Needle::parse(needle).expect("a needle");
        bencher.counter(BytesCount::new(*bytes)).bench(|| {
            let mut hits = 0;
            timeline.search(&needle, &(Seq::FIRST..=Seq::LAST), |_| hits += 1);
            hits
        });
    }
}

mod store {
    use divan::Bencher;
    use divan::counter::ItemsCount;
    use tim_history::model::ids::Seq;
    use tim_history::model::timeline::Timeline;

    use super::{PAGE, Talk, ask, loaded, read};

    /// The newest seq of a group that is read downwards.
    const NEWEST: u32 = 4_000_000;

    /// Seqs that are put away together.
    const LEAF: u32 = 64;

    /// Each below the one before, as somebody scrolls up; what is far is put away, and
    /// that is counted.
    #[divan::bench]
    fn page_merged(bencher: Bencher<'_, '_>) {
        let (mut talk, mut timeline) = (Talk::new(), Timeline::new());
        let (mut no, mut end) = (0, NEWEST);
        bencher
            .counter(ItemsCount::new(PAGE))
            .with_inputs(|| {
                (no, end) = (no + 1, end - PAGE);
                (ask(no, end + PAGE), read(&talk.page(end)))
            })
            .bench_local_values(|(ask, page)| timeline.merge(ask, page));
    }

    #[divan::bench]
    fn leaf_read_back(bencher: Bencher<'_, '_>) {
        let timeline = loaded(LEAF * 1_000);
        // One in the middle: the first and the last ones lie open.
        let first = Seq::new(LEAF * 500).expect("not zero");
        let last = Seq::new(LEAF * 501 - 1).expect("not zero");
        bencher.counter(ItemsCount::new(LEAF)).bench_local(|| {
            let mut bytes = 0;
            timeline.each(&(first..=last), |_, message| {
                bytes += message.raw.bytes().len();
            });
            bytes
        });
    }
}
