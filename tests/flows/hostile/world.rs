//! Worlds in which every string that comes from afar is hostile.

use tim_history::emulator::{Group, Member, Topic, User, World};

use super::strings::Hostile;
use crate::harness::START;

pub(super) const EACH: &str = "@TGS#EACH";
pub(super) const WHOLE: &str = "@TGS#WHOLE";

/// The elements of a message that can hold a string, as JSON.
pub(super) fn elements(h: &Hostile) -> Vec<String> {
    let s = &h.json;
    vec![
        format!(r#"{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{s}"}}}}"#),
        format!(
            r#"{{"MsgType":"TIMCustomElem","MsgContent":{{"Data":"{s}","Desc":"{s}","Ext":"{s}","Sound":"{s}"}}}}"#
        ),
        format!(
            r#"{{"MsgType":"TIMFileElem","MsgContent":{{"FileName":"{s}","FileSize":3,"UUID":"{s}","Url":"https://{s}/{s}"}}}}"#
        ),
        format!(
            r#"{{"MsgType":"TIMImageElem","MsgContent":{{"UUID":"{s}","ImageFormat":1,"ImageInfoArray":[{{"Type":1,"Size":1,"Width":1,"Height":1,"URL":"http://x.example/{s}"}}]}}}}"#
        ),
        format!(
            r#"{{"MsgType":"TIMSoundElem","MsgContent":{{"UUID":"{s}","Url":"{s}","Size":1,"Second":1}}}}"#
        ),
        format!(
            r#"{{"MsgType":"TIMVideoFileElem","MsgContent":{{"VideoUUID":"{s}","VideoUrl":"{s}","VideoFormat":"{s}","ThumbUrl":"{s}"}}}}"#
        ),
        format!(
            r#"{{"MsgType":"TIMLocationElem","MsgContent":{{"Desc":"{s}","Latitude":1.5,"Longitude":2.5}}}}"#
        ),
        format!(r#"{{"MsgType":"TIMFaceElem","MsgContent":{{"Index":1,"Data":"{s}"}}}}"#),
        format!(
            r#"{{"MsgType":"TIMRelayElem","MsgContent":{{"Title":"{s}","MsgNum":1,"AbstractList":["{s}","a: {s}"],"CompatibleText":"{s}","MsgList":[{{"From_Account":"{s}","MsgSeq":1,"MsgTimeStamp":{START},"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{s}"}}}}]}}]}}}}"#
        ),
        format!(r#"{{"MsgType":"{s}","MsgContent":{{"{s}":"{s}"}}}}"#),
    ]
}

/// A message of these elements, from a hostile sender.
pub(super) fn item(seq: usize, from: &Hostile, body: &str) -> String {
    let (from, time) = (
        &from.json,
        START - 86_400 + i64::try_from(seq).expect("small"),
    );
    format!(
        r#"{{"From_Account":"{from}","MsgSeq":{seq},"MsgRandom":{seq},"MsgTimeStamp":{time},"CloudCustomData":"{from}","{from}":"{from}","MsgBody":{body}}}"#
    )
}

/// Tips, and a recalled message with a reason.
fn odd(seq: usize, h: &Hostile) -> Vec<String> {
    let s = &h.json;
    let tip = format!(
        r#"{{"OpType":6,"Operator_Account":"{s}","List_Account":["{s}"],"MsgGroupNewInfo":{{"GroupName":"{s}","Introduction":"{s}","Notification":"{s}","FaceUrl":"{s}"}},"MsgMemberInfo":[{{"User_Account":"{s}","ShutupTime":5}}]}}"#
    );
    let join = format!(r#"{{"OpType":1,"Operator_Account":"{s}","List_Account":["{s}","{s}"]}}"#);
    let wild = format!(r#"{{"OpType":"{s}","{s}":"{s}"}}"#);
    let mut all: Vec<String> = [tip, join, wild]
        .iter()
        .zip(seq..)
        .map(|(body, seq)| item(seq, h, body).replacen('{', "{\"IsSystemMsg\":1,", 1))
        .collect();
    let recalled = format!(r#"{{"IsPlaceMsg":2,"RecallReason":"{s}","Revoker_Account":"{s}","#);
    all.push(item(seq + 3, h, "[]").replacen('{', &recalled, 1));
    all
}

fn seq(n: usize) -> u32 {
    u32::try_from(n).expect("small")
}

/// One group with a text message for each.
pub(super) fn texts(strings: &[Hostile]) -> World {
    let mut group = Group::chat(EACH, 0);
    for (n, h) in (1..).zip(strings) {
        let text = elements(h).swap_remove(0);
        let from = Hostile {
            json: "a".to_owned(),
            text: "a".to_owned(),
        };
        group.put(seq(n), item(n, &from, &format!("[{text}]")));
    }
    World::of(vec![group]).at(START)
}

/// Two groups that can be named on a command line, one with each field in a message
/// of its own and one with all of them in each message; and one group, one
/// community and one topic for each string.
pub(super) fn everything(strings: &[Hostile]) -> World {
    let members = || {
        strings.iter().map(|h| {
            let mut member = Member::new(&h.text);
            member.card.clone_from(&h.text);
            member
        })
    };
    let dress = |mut group: Group| {
        let h = &strings[0];
        group = group.named(&h.text).with_members(members().collect());
        group.introduce(&h.text, &h.text);
        group
    };
    let mut each = dress(Group::chat(EACH, 0));
    let mut whole = dress(Group::chat(WHOLE, 0));
    let mut next = 1;
    for (n, h) in (1..).zip(strings) {
        let all = elements(h);
        for element in &all {
            each.put(seq(next), item(next, h, &format!("[{element}]")));
            next += 1;
        }
        for json in odd(next, h) {
            each.put(seq(next), json);
            next += 1;
        }
        whole.put(seq(n), item(n, h, &format!("[{}]", all.join(","))));
    }
    let mut groups = vec![each, whole];
    for h in strings {
        let mut group = Group::chat(&format!("@TGS#{}", h.text), 3).named(&h.text);
        group.introduce(&h.text, &h.text);
        groups.push(group);
    }
    let topics = strings
        .iter()
        .zip(1..)
        .map(|(h, n)| Topic::new(&format!("@TGS#_@C@TOPIC#_{n}{}", h.text), &h.text, 3));
    groups.push(
        Group::chat("@TGS#_@C", 0)
            .named("topics")
            .with_topics(topics.collect()),
    );
    let mut world = World::of(groups).at(START);
    for (n, h) in (0..).zip(strings) {
        // The other half shows name cards alone.
        let nick = if n % 2 == 0 {
            h.text.clone()
        } else {
            String::new()
        };
        let image = h.text.clone();
        world = world.with_user(&h.text, User { nick, image });
    }
    world
}
