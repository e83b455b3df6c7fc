//! From nothing to the newest messages, beside `curl` with the same call.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tim_history::emulator::{IDENTIFIER, SDK_APP_ID};

use crate::program::{ALL, SIZE};
use crate::pty::Pty;
use crate::signature;
use crate::site::{GROUP, Site, newest};
use crate::table::{Amount, MEDIAN, MILLIS, Row, percentile, say};

/// How often each is done.
const RUNS: usize = 11;

/// What we may take of the time of our start and of curl.
const GOAL: f64 = 1.25;

pub(crate) fn row(site: &Site) -> Row {
    let (mut ours, mut curl, mut starts) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(messages(site));
        starts.push(ALL[0].start(site));
        curl.extend(curled(site));
    }
    let mut row = Row::new("start to the newest messages");
    row.add(&ALL[0], Amount::Time(percentile(&mut ours, MEDIAN)));
    if curl.len() < RUNS {
        say("curl is not installed, or was refused: not run");
        return row;
    }
    let (start, curl) = (
        percentile(&mut starts, MEDIAN),
        percentile(&mut curl, MEDIAN),
    );
    let both = (start + curl).as_secs_f64() * GOAL;
    let words = format!(
        "{GOAL} x (start + curl, {:.2} ms)",
        curl.as_secs_f64() * MILLIS
    );
    row.at_most(both, words)
}

fn messages(site: &Site) -> Duration {
    let (command, _home) = ALL[0].command(site);
    let begun = Instant::now();
    let t = Pty::start(command, SIZE);
    t.shows(&[&newest()]);
    let came = t.shared.lock().came;
    came.saturating_duration_since(begun)
}

/// The same call, made by curl; nothing where there is none or the answer is another.
fn curled(site: &Site) -> Option<Duration> {
    let calls = site.service.calls();
    let ours = calls.iter().find(|c| c.command == "group_msg_get_simple");
    let body = ours.map(|call| call.body.to_string())?;
    let url = format!(
        "{}/v4/group_open_http_svc/group_msg_get_simple?sdkappid={SDK_APP_ID}&identifier={IDENTIFIER}\
         &usersig={}&random=1&contenttype=json",
        site.service.url(),
        signature::of(IDENTIFIER, signature::now())
    );
    let mut command = Command::new("curl");
    command.args(["-q", "-s", "--noproxy", "*", "-d", &body, &url]);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let answer = command.output().ok()?;
    let took = begun.elapsed();
    let answer = String::from_utf8_lossy(&answer.stdout).into_owned();
    (answer.contains(GROUP) && answer.contains(&newest())).then_some(took)
}
