//! `audit`: what is missing, silent, doubled or out of order in a range.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write;

use serde_json::{Value, json};

use super::reach::Reach;
use super::read::{Prints, Range, ended};
use super::{Clock, Out, Telling, VerbError, event_loop};
use crate::api::Access;
use crate::app::audit::words::{Form, Voice, lack_words, seqs};
use crate::app::jobs::audit::{Finding, Findings, Lack, Sender, What, examine};
use crate::cli::Exit;
use crate::model::ids::{Conversation, UserId};
use crate::model::message::Timestamp;
use crate::model::text::Clean;
use crate::model::time;

/// `audit`: loads a range and says what is odd in it. Exit 1 where something was
/// withheld, 4 where something could not be loaded.
///
/// # Errors
/// The range is none, or the service cannot be asked.
pub fn audit(
    access: Access,
    conversation: Conversation,
    (range, telling): (&Range, &Telling),
    prints: &mut Prints<'_, impl Write, impl Write>,
) -> Result<Exit, VerbError> {
    event_loop()?.block_on(async {
        let mut reach = Reach::open(access, conversation).await?;
        let clock = &telling.clock;
        let Some(stretch) = reach.range(range, clock).await? else {
            prints.err.line("no message in this range")?;
            return Ok(Exit::Good);
        };
        reach.fill(stretch).await;
        let findings = examine(&reach.timeline, stretch, &reach.failed());
        let mut mask = reach.mask(telling);
        if let Some(mask) = &mut mask {
            // No text is printed, so no name has to be hidden.
            reach.introduce(stretch, &HashMap::new(), mask);
        }
        let shown = |user: &UserId| mask.as_ref().map(|mask| mask.sender(user));
        if telling.json {
            print_json(&findings, (clock, &shown), prints.out)?;
        } else {
            print(&findings, (clock, &shown), prints.out)?;
        }
        let withheld = findings.counts.withheld > 0;
        let good = if withheld { Exit::Wanting } else { Exit::Good };
        ended(&reach, good, prints.err)
    })
}

/// The pseudonym of somebody; `None` where nobody has one.
type Shown<'a> = &'a dyn Fn(&UserId) -> Option<Clean>;

fn print(
    findings: &Findings,
    (clock, names): (&Clock, Shown<'_>),
    out: &mut Out<impl Write>,
) -> Result<(), VerbError> {
    let counts = findings.counts;
    let mut head = format!("{}: {} messages", seqs(findings.range), counts.present);
    for lack in Lack::ALL {
        let count = counts.of(lack);
        if count > 0 {
            let _ = write!(head, " · {count} {}", lack_words(lack));
        }
    }
    out.line(&head)?;
    if let Some((from, to)) = findings.times {
        let (from, to) = (time::full(from, &clock.zone), time::full(to, &clock.zone));
        out.line(&format!("{from} to {to}"))?;
    }
    let voice = Voice {
        names,
        zone: &clock.zone,
        form: Form::Whole,
    };
    for finding in &findings.found {
        let at = finding.time.map(|at| time::full(at, &clock.zone));
        let at = at.as_deref().unwrap_or("-");
        let words = voice.say(finding).text();
        out.line(&format!("{}  {at}  {words}", seqs(finding.at)))?;
    }
    if let Some(cut) = findings.cut {
        out.line(&format!(
            "{} more are not listed, from seq {} on: audit a smaller range to see them",
            cut.unlisted, cut.from
        ))?;
    }
    Ok(())
}

fn print_json(
    findings: &Findings,
    (clock, shown): (&Clock, Shown<'_>),
    out: &mut Out<impl Write>,
) -> Result<(), VerbError> {
    let counts = findings.counts;
    let at = |at: Timestamp| time::rfc3339(at, &clock.zone);
    let head = json!({ "audit": {
        "first": findings.range.first().get(),
        "last": findings.range.last().get(),
        "present": counts.present,
        "gone": counts.gone,
        "recalled": counts.recalled,
        "withheld": counts.withheld,
        "unreadable": counts.unreadable,
        "failed": counts.failed,
        "not_loaded": counts.unfetched,
        "from": findings.times.map(|times| at(times.0)),
        "to": findings.times.map(|times| at(times.1)),
        "unlisted": findings.cut.map_or(0, |cut| cut.unlisted),
    } });
    out.json(&head.to_string())?;
    for finding in &findings.found {
        out.json(&record(finding, clock, shown).to_string())?;
    }
    Ok(())
}

fn record(finding: &Finding, clock: &Clock, shown: Shown<'_>) -> Value {
    let by = |user: &UserId| match shown(user) {
        Some(pseudonym) => json!(pseudonym.as_str()),
        None => json!(user.as_str()),
    };
    let at = |at: Timestamp| json!(time::rfc3339(at, &clock.zone));
    let mut value = json!({
        "first": finding.at.first().get(),
        "last": finding.at.last().get(),
        "time": finding.time.map(at),
    });
    let more = match &finding.what {
        What::Run { lack, span, sender } => json!({
            "kind": lack_name(*lack),
            "not_before": span.from.map(at),
            "not_after": span.to.map(at),
            "sender": match sender {
                Sender::One(user) => by(user),
                Sender::Untold | Sender::Several => Value::Null,
            },
        }),
        What::Silence { from, to, timeless } => json!({
            "kind": "silence",
            "from": at(*from),
            "to": at(*to),
            "seconds": to.seconds().abs_diff(from.seconds()),
            "without_time": timeless,
        }),
        What::Twice { of, apart, sender } => json!({
            "kind": "duplicate",
            "of": of.get(),
            "seconds": apart,
            "sender": by(sender),
        }),
        What::Backwards { after, by } => json!({
            "kind": "backwards",
            "after": after.get(),
            "seconds": by,
        }),
    };
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    value
}

const fn lack_name(lack: Lack) -> &'static str {
    match lack {
        Lack::Gone => "gone",
        Lack::Recalled => "recalled",
        Lack::Withheld => "withheld",
        Lack::Unreadable => "unreadable",
        Lack::Failed => "failed",
        Lack::Unfetched => "not loaded",
    }
}
