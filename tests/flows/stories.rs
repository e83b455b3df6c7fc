//! Stories: what a reader does, against the embedded service over real HTTP.

use crate::harness::{Harness, START, Story};
use std::collections::BTreeSet;
use std::time::Duration;
use tim_history::app::event::{Effect, Event};
use tim_history::app::view::Pane;
use tim_history::emulator::{Group, Kind, Knobs, PageRule, Recalled, Truth, World};
use tim_history::model::ids::Seq;
use tim_history::model::timeline::SeqState;

fn one(group: Group) -> World {
    World::of(vec![group]).at(START)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn the_newest_page_is_painted_after_exactly_one_history_call() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 45)))
        .open("@TGS#A")
        .begin();
    let first = t.pending.pop_front().expect("something is asked at once");
    assert!(matches!(
        &first,
        Effect::Fetch {
            request: tim_history::app::event::Request::History { .. },
            ..
        }
    ));
    t.deliver(first).await;
    assert_eq!(t.service.calls().len(), 1);
    assert!(t.row_of("message 45").is_some(), "{}", t.screen());
}

#[tokio::test]
async fn scrolling_up_loads_older_pages_and_keeps_the_place() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 450)))
        .open("@TGS#A")
        .settled()
        .await;
    for _ in 0..45 {
        t.press("<pageup>");
        let middle = t.messages().lines().nth(5).expect("a row").to_owned();
        let middle = middle.trim_start_matches([' ', '>']).to_owned();
        let row = t.row_of(&middle);
        t.settle().await;
        assert_eq!(t.row_of(&middle), row, "{}", t.screen());
    }
    assert!(
        t.messages().contains("start of history"),
        "{}",
        t.messages()
    );
    assert!(t.messages().contains("message 1"), "{}", t.messages());
    assert_eq!(t.history_calls(), 23, "450 messages in pages of 20");
}

#[tokio::test]
async fn pages_come_ahead_of_the_reader() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 2_000)))
        .open("@TGS#A")
        .settled()
        .await;
    for _ in 0..30 {
        t.press("<pageup>");
        assert!(
            !t.messages().contains("not loaded"),
            "waits for nothing: {}",
            t.messages()
        );
        t.settle().await;
    }
    let calls = t.history_calls();
    let looked_at = 31 * 12 / 20 + 2;
    assert!(
        calls <= looked_at + 3,
        "{calls} calls for {looked_at} pages looked at"
    );
}

#[tokio::test]
async fn a_late_page_of_another_group_stays_out_of_this_view() {
    let world = World::of(vec![
        Group::chat("@TGS#A", 5).with_item(5, item(5, "from group A")),
        Group::chat("@TGS#B", 5).with_item(5, item(5, "from group B")),
    ]);
    let mut t = Story::of(world.at(START)).settled().await;
    t.press("<enter>"); // group A asked for
    t.press("<esc>j<enter>"); // now group B
    t.deliver_last_first().await; // B answers, then A
    assert!(t.messages().contains("from group B"), "{}", t.messages());
    assert!(!t.messages().contains("from group A"));
    t.press("<esc>k<enter>");
    assert!(
        t.messages().contains("from group A"),
        "the late page was kept"
    );
    assert_eq!(t.history_calls(), 2);
}

fn item(seq: u32, text: &str) -> String {
    format!(
        r#"{{"From_Account":"user_1","IsPlaceMsg":0,"MsgBody":[{{"MsgContent":{{"Text":"{text}"}},"MsgType":"TIMTextElem"}}],"MsgPriority":1,"MsgRandom":1,"MsgSeq":{seq},"MsgTimeStamp":1735689600}}"#
    )
}

async fn walk_to_the_start(t: &mut Harness) {
    for _ in 0..400 {
        if t.messages().contains("start of history") {
            return;
        }
        t.press("<pageup>");
        if t.messages().contains("pages in a row") {
            t.press("<enter>");
        }
        t.settle().await;
    }
    panic!("never came to the start:\n{}", t.screen());
}

#[tokio::test]
async fn walking_back_accounts_for_each_seq_exactly_once() {
    for page_rule in [PageRule::CountMessages, PageRule::WindowOfSeqs] {
        for recalled in [
            Recalled::Listed,
            Recalled::WithheldEvenWhenAsked,
            Recalled::AsGone,
        ] {
            let group = Group::with_holes("@TGS#B", 500);
            let truth: Vec<Truth> = (1..=500).map(|seq| group.truth(seq)).collect();
            let knobs = Knobs {
                page_rule,
                recalled,
                ..Knobs::default()
            };
            let mut t = Story::of(one(group))
                .knobs(knobs)
                .open("@TGS#B")
                .settled()
                .await;
            walk_to_the_start(&mut t).await;
            let timeline = t.app.history().expect("open").timeline();
            for (i, truth) in truth.into_iter().enumerate() {
                let seq = Seq::new(u32::try_from(i).expect("small") + 1).expect("not zero");
                let expected = match (truth, recalled) {
                    (Truth::Present, _) => SeqState::Present,
                    (Truth::Gone, _) | (Truth::Recalled, Recalled::AsGone) => SeqState::Gone,
                    (Truth::Recalled, Recalled::WithheldEvenWhenAsked) | (Truth::Withheld, _) => {
                        SeqState::Withheld
                    }
                    (Truth::Recalled, _) => SeqState::Recalled,
                };
                assert_eq!(
                    timeline.state(seq),
                    expected,
                    "seq {seq}, {page_rule:?}, {recalled:?}"
                );
            }
            let asks: Vec<String> = t
                .calls("group_msg_get_simple")
                .iter()
                .map(|c| c.body.to_string())
                .collect();
            let different: BTreeSet<&String> = asks.iter().collect();
            assert_eq!(asks.len(), different.len(), "no page is asked for twice");
        }
    }
}

#[tokio::test]
async fn a_long_run_of_nothing_stops_the_view_and_a_key_goes_on() {
    let group = Group::chat("@TGS#A", 1_000).expired_to(960);
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    for _ in 0..6 {
        t.press("<pageup>").settle().await;
    }
    let calls = t.history_calls();
    assert!(calls <= 8, "{calls} calls");
    assert!(
        t.messages().contains("5 pages in a row"),
        "{}",
        t.messages()
    );
    assert!(t.messages().contains("not loaded"), "{}", t.messages());
    t.press("<enter>").settle().await;
    assert_eq!(t.history_calls(), calls + 5);
}

#[tokio::test]
async fn groups_without_a_history_say_so_and_are_not_asked() {
    let live = Group::chat("@TGS#L", 45)
        .of_kind(Kind::AVChatRoom)
        .named("Live");
    let mut t = Story::of(one(live)).settled().await;
    t.press("<enter>").settle().await;
    assert!(
        t.messages().contains("AVChatRoom keeps no history"),
        "{}",
        t.messages()
    );
    assert_eq!(t.history_calls(), 0);
}

#[tokio::test]
async fn a_dismissed_group_shows_its_code_in_place() {
    let mut t = Story::of(one(Group::chat("@TGS#D", 45).dismissed()))
        .settled()
        .await;
    assert!(t.groups().contains("10010"), "{}", t.groups());
    t.press("<enter>").settle().await;
    assert!(t.messages().contains("10010"), "{}", t.messages());
    assert_eq!(t.history_calls(), 1, "a permanent error is not retried");
}

#[tokio::test]
async fn an_empty_group_says_that_it_is_empty() {
    let mut t = Story::of(one(Group::chat("@TGS#E", 0)))
        .open("@TGS#E")
        .settled()
        .await;
    t.advance(secs(5)).await;
    assert!(t.messages().contains("No message yet"), "{}", t.messages());
    assert!(t.history_calls() <= 2);
}

#[tokio::test]
async fn a_wrong_key_stops_all_calls_and_says_what_to_do() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 45)))
        .key("not the key")
        .open("@TGS#A")
        .settled()
        .await;
    t.advance(secs(300)).await;
    let screen = t.screen();
    assert!(screen.contains("70009"), "{screen}");
    assert!(screen.contains("all calls stopped"), "{screen}");
    assert!(!screen.contains("not the key"));
    let calls = t.service.calls().len();
    assert!(
        calls <= 4,
        "{calls} calls left before the first answer came"
    );
    t.press("r").settle().await;
    assert!(t.service.calls().len() > calls, "r tries again");
    t.advance(secs(300)).await;
    assert!(t.service.calls().len() <= calls + 4);
}

#[tokio::test]
async fn too_many_failed_signatures_bring_a_minute_of_silence() {
    let knobs = Knobs {
        fail_always: Some(70_050),
        ..Knobs::default()
    };
    let mut t = Story::of(one(Group::chat("@TGS#A", 45)))
        .knobs(knobs)
        .open("@TGS#A")
        .settled()
        .await;
    let calls = t.service.calls().len();
    t.advance(secs(10)).await;
    t.press("r").settle().await;
    assert!(t.screen().contains("minute of silence"), "{}", t.screen());
    assert_eq!(t.service.calls().len(), calls);
}

#[tokio::test]
async fn a_passing_fault_is_counted_down_and_cured() {
    let knobs = Knobs {
        fail_always: Some(10_002),
        only: Some("group_msg_get_simple".to_owned()),
        ..Knobs::default()
    };
    let mut t = Story::of(one(Group::chat("@TGS#A", 45)))
        .knobs(knobs)
        .open("@TGS#A")
        .settled()
        .await;
    assert!(t.messages().contains("10002"), "{}", t.messages());
    assert!(t.messages().contains("next try in"), "{}", t.messages());
    assert!(
        t.view().status.text().contains("retry in"),
        "{}",
        t.view().status.text()
    );
    t.service.set(Knobs::default());
    t.advance(secs(3)).await;
    assert!(t.row_of("message 45").is_some(), "{}", t.messages());
    assert_eq!(
        t.history_calls(),
        3,
        "the failed one, its retry, the page before it"
    );
}

#[tokio::test]
async fn a_fault_that_stays_ends_in_a_row_that_retries() {
    let knobs = Knobs {
        fail_always: Some(10_002),
        only: Some("group_msg_get_simple".to_owned()),
        ..Knobs::default()
    };
    let mut t = Story::of(one(Group::chat("@TGS#A", 45)))
        .knobs(knobs)
        .open("@TGS#A")
        .settled()
        .await;
    t.advance(secs(60)).await;
    assert_eq!(t.history_calls(), 4, "one call and three retries");
    assert!(t.messages().contains("r retries"), "{}", t.messages());
    t.service.set(Knobs::default());
    t.press("r").settle().await;
    assert!(t.row_of("message 45").is_some());
}

#[tokio::test]
async fn waiting_can_be_called_off() {
    let knobs = Knobs {
        fail_always: Some(60_007),
        only: Some("group_msg_get_simple".to_owned()),
        ..Knobs::default()
    };
    let mut t = Story::of(one(Group::chat("@TGS#A", 45)))
        .knobs(knobs)
        .open("@TGS#A")
        .settled()
        .await;
    t.press("<ctrl-c>");
    assert!(t.messages().contains("r retries"), "{}", t.messages());
    let calls = t.history_calls();
    t.advance(secs(120)).await;
    assert_eq!(t.history_calls(), calls);
    t.press("<ctrl-c><ctrl-c>");
    assert!(t.done.contains(&Effect::Quit(0)));
}

#[tokio::test]
async fn asking_again_shows_what_has_changed_since() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 30)))
        .open("@TGS#A")
        .settled()
        .await;
    t.service.change(|world| {
        let group = world.group_mut("@TGS#A").expect("there");
        group.set_truth(29..=29, Truth::Recalled);
        group.grow(2);
    });
    t.press("R").settle().await;
    assert!(
        t.messages().contains("[changed since first seen]"),
        "{}",
        t.messages()
    );
    assert!(
        t.row_of("message 32").is_some(),
        "the newest came too:\n{}",
        t.messages()
    );
    let row = t.row_of("[changed since first seen]").expect("visible");
    let (here, there) = (t.row_of("message 30").expect("visible"), row);
    assert!(there < here);
    t.press("kkk<enter>");
    let detail = t.detail();
    assert!(
        detail.to_lowercase().contains("changed since first seen"),
        "{detail}"
    );
}

#[tokio::test]
async fn the_picker_filters_sorts_and_pins() {
    let world = World::of(vec![
        Group::chat("@TGS#A", 5)
            .named("Zebra desk")
            .sent_at(1_735_700_000, 60),
        Group::chat("@TGS#B", 5)
            .named("Apple orders")
            .sent_at(1_735_800_000, 60),
        Group::chat("my group \"7\" / e", 5)
            .named("Mango")
            .of_kind(Kind::Private),
    ]);
    let mut t = Story::of(world.at(START)).size(160, 48).settled().await;
    let order = |t: &Harness| -> Vec<String> {
        let text = t.groups();
        let names = ["Zebra desk", "Apple orders", "Mango"];
        let mut found: Vec<(usize, &str)> = names
            .iter()
            .filter_map(|n| Some((text.find(n)?, *n)))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, n)| n.to_owned()).collect()
    };
    assert_eq!(
        order(&t),
        ["Zebra desk", "Apple orders", "Mango"],
        "{}",
        t.groups()
    );
    t.press("s");
    assert_eq!(
        order(&t),
        ["Apple orders", "Zebra desk", "Mango"],
        "by last activity"
    );
    t.press("s");
    assert_eq!(
        order(&t),
        ["Apple orders", "Mango", "Zebra desk"],
        "by name"
    );
    t.press("/desk zeb<enter>");
    assert_eq!(order(&t), ["Zebra desk"], "words in any order");
    t.press("/<ctrl-u><enter>");
    t.press("<end>p");
    assert_eq!(order(&t)[0], "Zebra desk", "pinned to the top");
    let saved = t.done.iter().rev().find_map(|e| {
        if let Effect::Save(s) = e {
            Some(s)
        } else {
            None
        }
    });
    assert_eq!(saved.expect("saved").pins, ["@TGS#A"]);
}

#[tokio::test]
async fn any_id_can_be_opened_and_so_can_a_permalink() {
    let world = World::of(vec![
        Group::chat("@TGS#A", 5),
        Group::chat("my group \"7\" / e", 500),
    ]);
    let mut t = Story::of(world.at(START)).settled().await;
    t.event(Event::Paste(
        "tim-history://1400000000/my%20group%20%227%22%20%2F%20e/250\n".to_owned(),
    ));
    t.settle().await;
    assert!(t.row_of("message 250").is_some(), "{}", t.screen());
    assert_eq!(
        t.app
            .history()
            .and_then(tim_history::app::history::History::selected),
        Seq::new(250)
    );
    t.press("omy group<tab><enter>").settle().await;
    t.press("<end>").settle().await;
    assert!(t.row_of("message 500").is_some(), "{}", t.screen());
    t.press("<ctrl-o>").settle().await;
    assert!(t.row_of("message 250").is_some(), "{}", t.screen());
    t.press("otim-history://7/x/1<enter>");
    assert!(
        t.view().keys.text().contains("for app 7"),
        "{}",
        t.view().keys.text()
    );
}

#[tokio::test]
async fn the_conversation_before_this_one_is_one_key_away() {
    let world = World::of(vec![
        Group::chat("@TGS#A", 5).named("Aaa"),
        Group::chat("@TGS#B", 5).named("Bbb"),
    ]);
    let mut t = Story::of(world.at(START)).settled().await;
    t.press("<enter><esc>j<enter>").settle().await;
    assert!(t.messages().starts_with("Bbb"), "{}", t.messages());
    t.press("-").settle().await;
    assert!(t.messages().starts_with("Aaa"), "{}", t.messages());
    t.press("-").settle().await;
    assert!(t.messages().starts_with("Bbb"), "{}", t.messages());
}

#[tokio::test]
async fn the_start_and_the_end_are_one_key_away_and_the_gap_between_is_shown() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 2_000)))
        .open("@TGS#A")
        .settled()
        .await;
    let calls = t.history_calls();
    t.press("g1<enter>").settle().await;
    assert!(t.row_of("start of history").is_some(), "{}", t.messages());
    assert!(t.history_calls() <= calls + 4, "a jump, not a walk");
    assert!(
        t.view().status.text().contains("1 gap"),
        "{}",
        t.view().status.text()
    );
    let calls = t.history_calls();
    for end in ["G", "gg", "<end>", "<home>"] {
        t.press(end).settle().await;
        let shown = if end == "G" || end == "<end>" {
            "message 2000"
        } else {
            "start of history"
        };
        assert!(t.row_of(shown).is_some(), "{end}: {}", t.messages());
    }
    assert_eq!(t.history_calls(), calls, "what is known is not asked");
    t.press("G").settle().await;
    assert!(t.row_of("message 2000").is_some());
}

#[tokio::test]
async fn names_replace_ids_and_ids_stay_one_key_away() {
    let mut t = Story::of(World::demo_at(START))
        .size(160, 48)
        .open("@TGS#2SUPPORTA")
        .settled()
        .await;
    let messages = t.messages();
    // What stands in a label is the app's own word, and the app wrote the ID.
    let senders = messages.lines().filter_map(|row| row.split('[').next());
    let ids = senders.filter(|sender| sender.contains(" agent_li "));
    assert_eq!(ids.count(), 0, "{messages}");
    assert!(t.messages().contains("客服小李"), "{}", t.messages());
    t.press("i");
    assert!(t.messages().contains("agent_li"), "{}", t.messages());
}

#[tokio::test]
async fn topics_appear_under_their_community_and_open() {
    let mut t = Story::of(World::demo_at(START))
        .size(160, 48)
        .settled()
        .await;
    assert!(t.groups().contains("# Trading post"), "{}", t.groups());
    t.press("/trading<enter>j<enter>").settle().await;
    assert!(t.messages().starts_with("Trading post"), "{}", t.messages());
    assert!(t.history_calls() > 0);
    let call = &t.calls("group_msg_get_simple")[0];
    assert!(
        call.body["TopicId"]
            .as_str()
            .is_some_and(|id| id.contains("@TOPIC#_")),
        "{}",
        call.body
    );
}

#[tokio::test]
async fn a_user_s_groups_are_found_by_the_user_id() {
    let member = tim_history::emulator::Member::new("customer_9");
    let world = World::of(vec![
        Group::chat("@TGS#A", 5).named("Others"),
        Group::chat("@TGS#B", 5)
            .named("Theirs")
            .with_members(vec![member]),
    ]);
    let mut t = Story::of(world.at(START)).settled().await;
    t.press("ucustomer_9<enter>").settle().await;
    assert!(t.groups().contains("Theirs"), "{}", t.groups());
    assert!(!t.groups().contains("Others"), "{}", t.groups());
    t.press("<esc>");
    assert!(t.groups().contains("Others"));
}

#[tokio::test]
async fn a_run_unfolds_and_folds_again() {
    let group = Group::chat("@TGS#A", 40).with_truth(30..=33, Truth::Gone);
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    assert!(
        t.row_of("4 deleted or expired · 30-33").is_some(),
        "{}",
        t.messages()
    );
    t.press("kkkkkkk<enter>");
    assert!(t.row_of("30-33").is_none(), "{}", t.messages());
    assert_eq!(
        t.messages()
            .matches("deleted, expired or never stored")
            .count(),
        4,
        "{}",
        t.messages()
    );
    t.press("h");
    assert!(t.row_of("30-33").is_some(), "{}", t.messages());
}

#[tokio::test]
async fn a_group_that_began_anew_is_noticed_after_two_reports() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 500)))
        .open("@TGS#A")
        .settled()
        .await;
    t.service
        .change(|world| world.group_mut("@TGS#A").expect("there").set_head(30));
    t.press("R").settle().await;
    assert!(t.row_of("message 30").is_some(), "{}", t.screen());
    assert!(
        t.view().status.text().contains("of 30"),
        "{}",
        t.view().status.text()
    );
}

#[tokio::test]
async fn nothing_is_asked_while_nothing_happens() {
    let mut t = Story::of(World::demo_at(START))
        .size(160, 48)
        .open("@TGS#2MILLION01")
        .settled()
        .await;
    t.advance(secs(30)).await;
    let calls = t.service.calls().len();
    t.advance(secs(600)).await;
    assert_eq!(t.service.calls().len(), calls);
    assert_eq!(t.app.wake_at(t.now()), None, "nothing to wake up for");
}

#[tokio::test]
async fn leaving_goes_out_one_layer_at_a_time() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 45)))
        .open("@TGS#A")
        .settled()
        .await;
    t.press("<enter>+");
    assert_eq!(t.view().panes.len(), 1, "zoomed");
    let focus = |t: &Harness| t.view().panes.iter().find(|p| p.focused).map(|p| p.pane);
    t.press("<esc>");
    assert_eq!((t.view().panes.len(), focus(&t)), (2, Some(Pane::Detail)));
    t.press("<esc>");
    assert_eq!(focus(&t), Some(Pane::Messages));
    t.press("<esc>");
    assert_eq!(focus(&t), Some(Pane::Groups));
    t.press("<esc><esc>");
    assert!(
        !t.done.iter().any(|e| matches!(e, Effect::Quit(_))),
        "Esc never quits"
    );
    t.press("q");
    assert!(t.done.contains(&Effect::Quit(0)));
}

#[tokio::test]
async fn no_screen_is_too_small() {
    let mut t = Story::of(World::demo_at(START))
        .open("@TGS#2SUPPORTA")
        .settled()
        .await;
    for width in 1..=60 {
        for height in 1..=20 {
            t.event(Event::Resize(tim_history::app::event::Size {
                width,
                height,
            }));
            let view = t.view();
            assert_eq!(
                view.panes.is_empty(),
                width < 40 || height < 10,
                "{width}x{height}"
            );
        }
    }
}
