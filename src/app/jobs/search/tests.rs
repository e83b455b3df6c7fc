use super::*;
use crate::app::jobs::sieve::tests::{judge_all, load, seq, timeline};
use crate::model::message::PageSize;
use crate::model::timeline::Stretch;

fn ask(top: u32, count: u32) -> PageAsk {
    PageAsk {
        seq: seq(top),
        count: PageSize::clamped(count),
    }
}

fn aloft(asks: &[PageAsk], how: Standing) -> Vec<Aloft> {
    asks.iter().map(|ask| Aloft { ask: *ask, how }).collect()
}

fn sieve(timeline: &Timeline, hits: &[u32]) -> Sieve {
    let mut sieve = Sieve::new();
    judge_all(&mut sieve, timeline, hits);
    sieve
}

#[test]
fn what_is_loaded_counts_first_and_costs_nothing() {
    let timeline = timeline(500, &[(1, 40), (400, 500)]);
    let sieve = sieve(&timeline, &[12, 450]);
    let mut search = Search::new(seq(480), Towards::Older, None);
    let found = |search: &mut Search| search.step(&timeline, &sieve, &[], 9);
    assert_eq!(found(&mut search), SearchStep::Found(seq(450)));
    assert_eq!(found(&mut search), SearchStep::Found(seq(450)));
    search.resume();
    assert_eq!(found(&mut search), SearchStep::Found(seq(12)));
    let report = search.report(&timeline);
    assert_eq!(report.covered, Stretch::new(seq(12), seq(479)));
    assert_eq!((report.unfetched, report.failed, report.pages), (359, 0, 0));
    search.resume();
    assert_eq!(found(&mut search), SearchStep::End);
}

#[test]
fn it_waits_until_what_is_loaded_has_been_judged() {
    let timeline = timeline(500, &[(400, 500)]);
    let mut search = Search::new(seq(480), Towards::Older, None);
    let step = search.step(&timeline, &Sieve::new(), &[], 9);
    assert_eq!(step, SearchStep::Wait);
}

#[test]
fn pages_begin_where_it_stands_and_leave_out_what_is_in_the_air() {
    let timeline = timeline(500, &[(201, 300)]);
    let sieve = sieve(&timeline, &[]);
    // Somebody else's page.
    let others = aloft(&[ask(175, 10)], Standing::Running);
    let mut older = Search::new(seq(250), Towards::Older, None);
    let step = older.step(&timeline, &sieve, &others, 3);
    let expected = vec![ask(200, 20), ask(180, 5), ask(165, 20)];
    assert_eq!(step, SearchStep::Ask(expected));
    let mut newer = Search::new(seq(250), Towards::Newer, None);
    let step = newer.step(&timeline, &sieve, &others, 2);
    assert_eq!(step, SearchStep::Ask(vec![ask(320, 20), ask(340, 20)]));
}

#[test]
fn a_hit_behind_a_page_in_the_air_waits() {
    let mut timeline = timeline(500, &[(401, 500)]);
    let mut search = Search::new(seq(450), Towards::Older, None);
    let asks = vec![ask(400, 20), ask(380, 20)];
    let step = search.step(&timeline, &sieve(&timeline, &[]), &[], 2);
    assert_eq!(step, SearchStep::Ask(asks.clone()));
    load(&mut timeline, 361, 380);
    search.landed(ask(380, 20));
    let hits = [370, 390];
    let up = aloft(&asks[..1], Standing::Waiting);
    let step = search.step(&timeline, &sieve(&timeline, &hits), &up, 5);
    assert_eq!(step, SearchStep::Ask(asks[..1].to_vec()), "still wanted");

    let mut lost = search.clone();
    let up = aloft(&asks[..1], Standing::Failed);
    let step = lost.step(&timeline, &sieve(&timeline, &hits), &up, 5);
    assert_eq!(step, SearchStep::Found(seq(370)));
    assert_eq!(lost.report(&timeline).failed, 20);

    load(&mut timeline, 381, 400);
    let step = search.step(&timeline, &sieve(&timeline, &hits), &[], 5);
    assert_eq!(step, SearchStep::Found(seq(390)));
}

#[test]
fn what_could_not_be_started_is_offered_again_and_counted_once() {
    let timeline = timeline(500, &[(401, 500)]);
    let sieve = sieve(&timeline, &[]);
    let mut search = Search::new(seq(450), Towards::Older, Some(2));
    let asks = vec![ask(400, 20), ask(380, 20)];
    for _ in 0..5 {
        let step = search.step(&timeline, &sieve, &[], 9);
        assert_eq!(step, SearchStep::Ask(asks.clone()));
    }
    assert_eq!(search.report(&timeline).pages, 2);
}

#[test]
fn an_answer_with_nothing_in_it_is_not_asked_for_again_before_a_resume() {
    let timeline = timeline(30, &[(21, 30)]);
    let sieve = sieve(&timeline, &[]);
    let mut search = Search::new(seq(30), Towards::Older, None);
    let offer = SearchStep::Ask(vec![ask(20, 20)]);
    assert_eq!(search.step(&timeline, &sieve, &[], 1), offer);
    search.landed(ask(20, 20));
    assert_eq!(search.step(&timeline, &sieve, &[], 1), SearchStep::End);
    assert_eq!(search.report(&timeline).failed, 20);
    search.resume();
    assert_eq!(search.step(&timeline, &sieve, &[], 1), offer);
    // The same without being told: it was in the air, and is not any more.
    let up = aloft(&[ask(20, 20)], Standing::Running);
    assert_eq!(search.step(&timeline, &sieve, &up, 1), offer);
    assert_eq!(search.step(&timeline, &sieve, &[], 1), SearchStep::End);
}

#[test]
fn three_pages_lost_in_a_row_pause_it() {
    let timeline = timeline(500, &[(401, 500)]);
    let sieve = sieve(&timeline, &[]);
    let mut search = Search::new(seq(450), Towards::Older, None);
    let asks = [ask(400, 20), ask(380, 20), ask(360, 20)];
    let step = search.step(&timeline, &sieve, &[], 3);
    assert_eq!(step, SearchStep::Ask(asks.to_vec()));
    let up = aloft(&asks, Standing::Failed);
    let step = search.step(&timeline, &sieve, &up, 3);
    assert_eq!(step, SearchStep::Pause(Why::Failing));
    search.resume();
    let step = search.step(&timeline, &sieve, &up, 1);
    assert_eq!(step, SearchStep::Ask(vec![ask(340, 20)]));
    assert_eq!(search.report(&timeline).failed, 60);
}

#[test]
fn a_page_that_lands_breaks_the_row() {
    let mut timeline = timeline(500, &[(401, 500)]);
    let mut search = Search::new(seq(450), Towards::Older, None);
    let asks = [ask(400, 20), ask(380, 20), ask(360, 20), ask(340, 20)];
    let step = search.step(&timeline, &sieve(&timeline, &[]), &[], 4);
    assert_eq!(step, SearchStep::Ask(asks.to_vec()));
    // The third is still in the air.
    let mut up = aloft(&asks[..2], Standing::Failed);
    up.extend(aloft(&asks[2..3], Standing::Running));
    load(&mut timeline, 321, 340);
    let step = search.step(&timeline, &sieve(&timeline, &[]), &up, 1);
    assert_eq!(step, SearchStep::Ask(vec![ask(360, 20), ask(320, 20)]));
    load(&mut timeline, 341, 360);
    up.truncate(2);
    search.step(&timeline, &sieve(&timeline, &[]), &up, 0);
    up.extend(aloft(&[ask(320, 20)], Standing::Failed));
    let step = search.step(&timeline, &sieve(&timeline, &[]), &up, 1);
    assert_eq!(step, SearchStep::Ask(vec![ask(300, 20)]));
}

#[test]
fn it_does_not_go_beyond_its_bound() {
    let timeline = timeline(500, &[(1, 100), (401, 500)]);
    let sieve = sieve(&timeline, &[50]);
    let mut search = Search::new(seq(450), Towards::Older, None);
    search.bound(Some(seq(391)));
    let step = search.step(&timeline, &sieve, &[], 3);
    assert_eq!(step, SearchStep::Ask(vec![ask(400, 10)]));
    search.bound(Some(seq(401)));
    assert_eq!(search.step(&timeline, &sieve, &[], 3), SearchStep::End);
}

#[test]
fn a_group_of_which_nothing_is_known_can_be_searched() {
    let timeline = Timeline::new();
    let step =
        |from, towards| Search::new(from, towards, None).step(&timeline, &Sieve::new(), &[], 1);
    let asked = SearchStep::Ask(vec![ask(69, 20)]);
    assert_eq!(step(seq(70), Towards::Older), asked);
    assert_eq!(step(seq(70), Towards::Newer), SearchStep::End);
    assert_eq!(step(Seq::FIRST, Towards::Older), SearchStep::End);
}

#[test]
fn without_room_it_waits() {
    let timeline = timeline(500, &[(401, 500)]);
    let mut search = Search::new(seq(450), Towards::Older, None);
    let step = search.step(&timeline, &sieve(&timeline, &[]), &[], 0);
    assert_eq!(step, SearchStep::Wait);
    assert_eq!(
        search.report(&timeline).covered,
        Stretch::new(seq(401), seq(449))
    );
}
