//! Messages looked for by the ID that a client's SDK gave them.

use super::*;

/// `MsgRandom` of a message of [`chat`].
async fn random_of(number: u32) -> u32 {
    let mut t = chat().await;
    t.press(&format!("g{number}<enter>")).settle().await;
    let message = history(&t).timeline().message(seq(number));
    message.and_then(|m| m.random).expect("it has one")
}

#[tokio::test]
async fn a_message_id_is_found_ten_minutes_either_way() {
    let random = random_of(1_500).await;
    let sent = 1_735_689_600 + 1_499 * 60;
    for (off, says) in [
        (0, None),
        (540, Some("9 min off the ID's time, the sender's clock")),
        (-540, Some("9 min off the ID's time, the sender's clock")),
        (600, Some("10 min off")),
        (-600, Some("10 min off")),
    ] {
        let mut t = chat().await;
        let id = format!("144115198339527735-{}-{random}", sent + off);
        t.event(Event::Paste(id));
        t.settle().await;
        let said = last_line(&t);
        assert_landed(&t, 1_500, &said);
        assert!(
            said.starts_with(&format!("seq 1,500 · MsgRandom {random}")),
            "{said}"
        );
        assert!(t.view().keys.width() <= 80, "{said}");
        match says {
            Some(says) => assert!(said.contains(says), "{off}: {said}"),
            None => assert!(!said.contains("clock"), "{said}"),
        }
        t.press("<ctrl-o>").settle().await;
        assert_eq!(selected(&t), HEAD, "one jump");
    }
    for off in [700, -700] {
        let mut t = chat().await;
        t.press(&format!(
            "g144115198339527735-{}-{random}<enter>",
            sent + off
        ));
        t.settle().await;
        let said = last_line(&t);
        assert!(
            said.starts_with(&format!("no MsgRandom {random} within 10 min")),
            "{said}"
        );
        assert!(said.contains("sender's clock"), "{said}");
        assert!(t.view().keys.width() <= 80, "{said}");
        let near = u32::try_from((sent + off - 1_735_689_600 + 59) / 60 + 1).expect("small");
        assert_landed(&t, near, &said);
    }
    // Long after the newest message.
    let mut t = chat().await;
    t.press(&format!(
        "g144115198339527735-{}-{random}<enter>",
        START + 90_000
    ));
    t.settle().await;
    let said = last_line(&t);
    assert!(said.contains(&format!("no MsgRandom {random}")), "{said}");
    assert_eq!(selected(&t), HEAD);
}
