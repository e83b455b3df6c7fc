//! The demonstration world, put together from the material in `assets/demo`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::dialogue::{Cast, LINES, Scene};
use super::group::{Group, Topic};
use super::holes::{Scatter, Truth};
use super::hours::Hours;
use super::kind::{Kind, Member};
use super::world::{User, World};
use super::{hostile, people, script};

const GROUPS: &str = include_str!("../../assets/demo/groups.toml");
const SUPPORT: &str = include_str!("../../assets/demo/support.toml");
const SEED_2020: &str = include_str!("../../assets/demo/seed-2020.json");
const SEED_2024: &str = include_str!("../../assets/demo/seed-2024.json");

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Hours by which the shop's day is ahead of UTC.
const SHOP_ZONE: u32 = 8;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Material {
    user: BTreeMap<String, UserEntry>,
    group: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserEntry {
    nick: String,
    #[serde(default)]
    image: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    kind: String,
    name: String,
    #[serde(default)]
    introduction: String,
    #[serde(default)]
    notification: String,
    #[serde(default)]
    muted: bool,
    /// Members beyond those listed.
    #[serde(default)]
    member_num: u32,
    /// The first is the owner.
    #[serde(default)]
    members: Vec<people::Entry>,
    history: History,
    #[serde(default)]
    scene: Scene,
    #[serde(default)]
    topics: Vec<TopicEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicEntry {
    id: String,
    name: String,
    messages: u32,
    #[serde(default)]
    deleted: bool,
}

/// Where a group's messages come from.
#[derive(Debug, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
enum History {
    Nothing,
    Dismissed,
    /// The script, above months of older conversations.
    Support {
        messages: u32,
        days: i64,
    },
    Dialogues {
        messages: u32,
        days: i64,
    },
    /// Four months with a silent fortnight.
    Million {
        messages: u32,
        expired: u32,
    },
    Growing {
        messages: u32,
        per_second: f64,
    },
    Holes {
        messages: u32,
    },
    Expired {
        messages: u32,
    },
    Streams {
        messages: u32,
        bytes: usize,
    },
    Hostile,
    Seed2020,
    Seed2024,
    /// The tip with which a work group begins, and some conversations.
    Activated {
        messages: u32,
    },
}

pub(super) fn world(now: i64) -> World {
    let material: Material = toml::from_str(GROUPS).expect("the demo's groups parse");
    let groups = material.group.into_iter().zip(1..);
    let groups = groups
        .map(|(entry, seed)| group(entry, seed, now))
        .collect();
    let mut world = World::of(groups);
    let users = material.user.into_iter().map(|(id, entry)| {
        let UserEntry { nick, image } = entry;
        (id, User { nick, image })
    });
    world.set_users(users.collect());
    world
}

fn group(entry: Entry, seed: u64, now: i64) -> Group {
    let group = history(&entry, seed, now);
    let kind = Kind::from_name(&entry.kind).expect("the demo's group types exist");
    let mut group = group
        .named(&entry.name)
        .of_kind(kind)
        .with_members(people::members(&entry.members, now));
    let script = Arc::clone(&group.chat.script);
    people::live_through(&mut group.members, &script);
    let cast = Arc::new(cast(&group.members, entry.scene));
    group.chat.cast = Arc::clone(&cast);
    group.introduction = entry.introduction;
    group.notification = entry.notification;
    group.muted = entry.muted;
    group.member_num = entry.member_num;
    let first = group.chat.time(1);
    group.created = (first - HOUR).min(now - DAY);
    if entry.topics.is_empty() {
        return group;
    }
    let topics = entry.topics.into_iter().zip(1..).map(|(entry, n)| {
        // One message each nine minutes; the first hours ago, not months.
        let start = now - i64::from(entry.messages) * 540;
        let mut topic = Topic::new(&entry.id, &entry.name, entry.messages);
        topic.chat.cast = Arc::clone(&cast);
        let topic = topic.dialogues(seed * 100 + n, start, 540);
        if entry.deleted {
            topic.deleted()
        } else {
            topic
        }
    });
    group.with_topics(topics.collect())
}

/// In a small group its members talk; in a large shop, people come and go.
fn cast(members: &[Member], scene: Scene) -> Cast {
    let names = |which: &dyn Fn(&&Member) -> bool| {
        members
            .iter()
            .filter(which)
            .map(|member| member.user.clone())
            .collect()
    };
    let agent = |member: &&Member| member.user.starts_with("agent_");
    match scene {
        Scene::Team | Scene::Club => Cast {
            scene,
            askers: names(&|_| true),
            answerers: names(&|_| true),
        },
        // An agent or two and the customer whose order it is.
        Scene::Shop if members.len() <= 3 => Cast {
            scene,
            askers: names(&|member| !agent(member)),
            answerers: names(&agent),
        },
        Scene::Shop => Cast::default(),
    }
}

fn history(entry: &Entry, seed: u64, now: i64) -> Group {
    let chat = |head| Group::chat(&entry.id, head).dialogues(seed);
    match entry.history {
        History::Nothing => chat(0),
        History::Dismissed => chat(12).dismissed(),
        History::Support { messages, days } => {
            let lines = script::lines(SUPPORT, now);
            let end = lines.first().map_or(now, |line| line.time);
            let mut group = chat(messages).by_talks(shop_days(end, days, messages));
            group.chat.holes.scatter = Some(Scatter {
                seed,
                gone: 8,
                recalled: 12,
                withheld: 5,
            });
            let gone = messages / 3;
            // A clear-out, a slip of the finger, and a stretch that never comes.
            group.set_truth(gone..=gone + 34, Truth::Gone);
            group.set_truth(gone + 90..=gone + 93, Truth::Recalled);
            group.set_truth(gone + 150..=gone + 176, Truth::Withheld);
            group.expired_to(messages / 12).scripted(lines)
        }
        History::Dialogues { messages, days } => {
            // Each group fell silent at another time.
            let end = now - i64::try_from(seed * seed).unwrap_or(0) * 7 * 60;
            chat(messages).by_talks(shop_days(end, days, messages))
        }
        History::Million { messages, expired } => million(chat(messages), now).expired_to(expired),
        History::Growing {
            messages,
            per_second,
        } => {
            #[expect(clippy::cast_possible_truncation, reason = "a few seconds")]
            let step = (1.0 / per_second) as i64;
            let start = now - i64::from(messages) * step;
            chat(messages).sent_at(start, step).growing(per_second)
        }
        History::Holes { messages } => {
            let start = now - i64::from(messages) * 300 - HOUR;
            Group::with_holes(&entry.id, messages).sent_at(start, 300)
        }
        History::Expired { messages } => chat(messages)
            .sent_at(now - 400 * DAY, 600)
            .expired_to(messages),
        History::Streams { messages, bytes } => {
            let start = now - i64::from(messages) * 700 - HOUR;
            Group::streams(&entry.id, messages, bytes).sent_at(start, 700)
        }
        History::Hostile => {
            let items = hostile::lines(now);
            Group::chat(&entry.id, 0).scripted(items)
        }
        History::Seed2020 => seed_page(&entry.id, SEED_2020),
        History::Seed2024 => seed_page(&entry.id, SEED_2024),
        History::Activated { messages } => {
            let end = now - 5 * HOUR;
            let group = chat(messages).by_talks(shop_days(end, 9, messages));
            let first = group.time(1);
            group.with_item(1, activation(first))
        }
    }
}

/// The message that makes a work group visible, as the documents show it.
fn activation(time: i64) -> String {
    format!(
        "{{\"From_Account\":\"agent_li\",\"IsPlaceMsg\":0,\"MsgBody\":[{{\"MsgContent\":\
         {{\"Text\":\"Private activate\"}},\"MsgType\":\"TIMTextElem\"}}],\"MsgPriority\":2,\
         \"MsgRandom\":1,\"MsgSeq\":1,\"MsgTimeStamp\":{time}}}"
    )
}

/// The two messages of an API page, exactly as they stand there; all older
/// ones have expired.
fn seed_page(id: &str, items: &str) -> Group {
    /// Newest seq on both pages, and its time.
    const HEAD: u32 = 7_803_321;
    const SENT: i64 = 1_458_721_802;
    let items: Vec<Box<serde_json::value::RawValue>> =
        serde_json::from_str(items).expect("the seed pages parse");
    let mut group = Group::chat(id, HEAD)
        // Five seconds lie between the two.
        .sent_at(SENT - (i64::from(HEAD) - 1) * 5, 5)
        .expired_to(HEAD - 2);
    for (item, seq) in items.iter().zip((HEAD - 1..=HEAD).rev()) {
        group.put(seq, super::catalogue::compact(item.get()));
    }
    group
}

/// A timetable of the conversations that so many messages make.
fn shop_days(end: i64, days: i64, messages: u32) -> Hours {
    let talks = messages.div_ceil(LINES);
    // The last one takes its time too.
    let end = end - HOUR;
    let (start, hours) = whole_hours(end, days);
    let first = hour_of_day(start);
    Hours::new(start, hours, talks, |hour| {
        Hours::shop((hour + first + SHOP_ZONE) % 24)
    })
}

/// A million messages over four months: twice as busy near the end, half as
/// busy on Sundays, and two weeks with no message at all.
fn million(group: Group, now: i64) -> Group {
    const DAYS: i64 = 122;
    const SILENT: std::ops::Range<u32> = 50..64;
    let (start, hours) = whole_hours(now - 120, DAYS);
    let first = hour_of_day(start);
    let hours = Hours::new(start, hours, group.head(), |hour| {
        let (day, of_day) = ((hour + first) / 24, (hour + first + SHOP_ZONE) % 24);
        let sunday = if day % 7 == 0 { 1 } else { 2 };
        let trend = 100 + u64::from(day);
        if SILENT.contains(&day) {
            0
        } else {
            Hours::shop(of_day) * sunday * trend
        }
    });
    let mut group = group.by_hours(hours);
    group.chat.holes.scatter = Some(Scatter {
        seed: 2,
        gone: 7,
        recalled: 8,
        withheld: 5,
    });
    group
}

/// Start and number of the hours that make up the days before `end`.
fn whole_hours(end: i64, days: i64) -> (i64, u32) {
    let hours = u32::try_from(days * 24).unwrap_or(u32::MAX);
    (end - days * DAY, hours)
}

fn hour_of_day(unix: i64) -> u32 {
    u32::try_from(unix.rem_euclid(DAY) / HOUR).unwrap_or(0)
}
