//! Two people of one name: wherever it stands, the ID says who it is.

use tim_history::emulator::{Group, User, World};

use crate::harness::{START, Story};

fn called(nick: &str) -> User {
    User {
        nick: nick.to_owned(),
        image: String::new(),
    }
}

#[tokio::test]
async fn two_people_of_one_name_are_told_apart_wherever_it_stands() {
    let world = World::of(vec![Group::chat("@TGS#A", 20)])
        .at(START)
        .with_user("user_0", called("Ann"))
        .with_user("user_1", called("Ann"));
    let mut t = Story::of(world)
        .size(160, 48)
        .open("@TGS#A")
        .settled()
        .await;
    let both = |place: &str, shown: &str| {
        for row in shown.lines().filter(|row| row.contains("Ann")) {
            let told = row.contains("Ann (user_0") || row.contains("Ann (user_1");
            assert!(told, "{place}: {row:?}\n{shown}");
        }
        assert!(shown.contains("Ann (user_"), "{place}:\n{shown}");
    };
    let messages = t.messages();
    both("messages", &messages);
    assert!(messages.contains("(user_0") && messages.contains("(user_1"));
    both("detail", &t.detail());
    t.press("u").settle().await;
    both("card", &t.screen());
    t.press("<esc>");
    t.press("yt").settle().await;
    let ticket = t.copies().last().expect("a copy").text.as_str().to_owned();
    // As Markdown writes it.
    assert!(ticket.contains("**Ann** (user\\_0)"), "{ticket}");
    t.press("ffrom:user_0<enter>").settle().await;
    both("filtered", &t.messages());
}
