//! The client against a server written by hand: what leaves, byte by byte, and
//! what becomes of everything that can come back.

#![expect(clippy::panic, reason = "a test says what it met instead")]
#![expect(unreachable_pub, reason = "modules of a test program have no outside")]

mod checks;
mod credentials;
mod faults;
mod loopback;
mod requests;
mod tls;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use loopback::{Answer, Loopback, Seen, http, ok};
use secrecy::SecretString;
use serde_json::{Value, json};
use tim_history::api::check::{self, Verdict};
use tim_history::api::{Access, Client, Credential, Endpoint, Timing};
use tim_history::model::error::{ApiError, Fault, Remedy};
use tim_history::model::ids::{Conversation, GroupId, SdkAppId, Seq, TopicId, UserId};
use tim_history::model::message::{Ask, AskNo, PageSize};

/// The public example key of the service's own libraries.
const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

/// A UserSig of the public vectors: for `xiaojun`, made 2023-11-14, valid for 180 days.
const USERSIG: &str = "eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwhWZiflZpXlQqeKU7MSCgswUJStDEwMogMiUZOamKlkZmqOKplYUZBaBxE1NTY3gosWZ6UpWSj5ljuYp*p7l5unBxXnF2WVhVU4uAf7Ozi5JpX7O5SbuHuUhzgZJmQXaTia2SrUAohcx8g__";

const NOW: i64 = 1_700_000_000;

fn access(server: &Loopback) -> Access {
    Access {
        sdk_app_id: SdkAppId(1_400_000_000),
        identifier: "xiaojun".to_owned(),
        endpoint: Endpoint::custom(&server.url()).expect("a loopback endpoint"),
        credential: Credential::Key(SecretString::from(KEY)),
        ca_file: None,
        proxy: None,
        calls_per_second: 200,
    }
}

/// A clock that moves on by a second at each look, so that no two UserSigs are equal.
fn timing() -> Timing {
    let clock = AtomicI64::new(NOW);
    Timing {
        wall: Arc::new(move || clock.fetch_add(1, Ordering::SeqCst)),
        ..Timing::default()
    }
}

fn client(server: &Loopback) -> Client {
    Client::with_timing(access(server), timing())
}

fn given(server: &Loopback) -> Client {
    let credential = Credential::UserSig(SecretString::from(USERSIG));
    let access = Access {
        credential,
        ..access(server)
    };
    Client::with_timing(access, timing())
}

fn group(id: &str) -> Conversation {
    Conversation::group(GroupId::new(id))
}

fn ask(seq: Option<u32>, count: u32) -> Ask {
    Ask {
        seq: seq.and_then(Seq::new),
        count: PageSize::clamped(count),
        generation: 0,
        no: AskNo(1),
    }
}

fn users(ids: &[&str]) -> Vec<UserId> {
    ids.iter().map(|id| UserId::new(*id)).collect()
}

fn page() -> Vec<u8> {
    ok(
        r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"GroupId":"g","IsFinished":1,"RspMsgList":[]}"#,
    )
}

fn refusal(code: u32) -> Vec<u8> {
    ok(&format!(
        r#"{{"ActionStatus":"FAIL","ErrorCode":{code},"ErrorInfo":"no"}}"#
    ))
}

fn empty() -> Answer {
    Answer::Send(ok(
        r#"{"ActionStatus":"OK","ErrorCode":0,"GroupInfo":[],"TotalCount":0,"GroupIdList":[],
            "GroupId":"@TGS#2J4SZEAEL","MemberList":[],"TopicAndSelfInfo":[],"UserProfileItem":[]}"#,
    ))
}

async fn fault(client: &Client) -> Fault {
    let error = client.history(&group("g"), &ask(None, 20)).await;
    error.expect_err("a fault").fault
}

/// The documented request of that name, with the changes this program makes to it.
fn documented(name: &str, changes: &Value) -> Value {
    let all: Value = serde_json::from_str(include_str!("../fixtures/api/requests.json"))
        .expect("the requests parse");
    let mut body = all[name].as_object().expect("an object").clone();
    for (key, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            body.remove(key);
        } else {
            body.insert(key.clone(), value.clone());
        }
    }
    Value::Object(body)
}
