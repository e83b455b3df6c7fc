#![expect(
    clippy::panic,
    reason = "a test may say which line of a table it is about"
)]
//! What is typed, table by table.

mod clocks;
mod forms;
mod laws;
mod pasted;
mod remarks;

use super::*;

/// 2024-05-03 06:05:09 UTC, a Friday: 14:05:09 in Shanghai, 02:05:09 in New York.
const NOW: i64 = 1_714_716_309;

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds).expect("above zero")
}

fn seq(number: u32) -> Seq {
    Seq::new(number).expect("above zero")
}

fn zone(name: &str) -> Zone {
    Zone::parse(name, &Zone::utc()).expect("a known zone")
}

/// Seq 812 of 1,233 is selected, sent on Friday at 09:33:20 in Shanghai.
fn place(zone: &Zone) -> Place<'_> {
    Place {
        zone,
        now: Some(at(NOW)),
        selected: Some(seq(812)),
        selected_time: Some(at(1_714_700_000)),
        head: Some(seq(1233)),
    }
}

/// The words of a reading in a zone; `!` and the remark where there is none.
fn words(text: &str, zone_name: &str) -> String {
    match read(text, &place(&zone(zone_name))) {
        Ok(reading) => reading.words,
        Err(wrong) => format!("! {}", wrong.words),
    }
}

fn destination(text: &str) -> Destination {
    let shanghai = zone("Asia/Shanghai");
    let reading = read(text, &place(&shanghai));
    reading
        .unwrap_or_else(|wrong| panic!("{text}: {}", wrong.words))
        .destination
}
