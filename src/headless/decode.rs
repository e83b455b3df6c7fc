//! `decode`: what an app put into a message, from standard input.

use std::io::{self, Read, Write};

use super::{Out, Prints, Telling, VerbError};
use crate::cli::Exit;
use crate::model::haystack::Haystack;
use crate::model::json::{self, Tape};
use crate::model::message::{ItemState, Message, Raw};
use crate::model::payload::{MAX_INPUT, Payload, Role};

/// What is said where the result is empty.
const NOTHING: &str = "nothing is packed in this: it holds no custom element, no data of a face and no cloud custom data";

/// Reads a message's JSON, an element's, or the raw text of `Data`, and prints what is in it.
///
/// A line end behind raw data is not part of it. A message in which an app packed
/// nothing prints nothing; that is said beside the result.
///
/// # Errors
/// Nothing can be read or written.
pub fn decode(
    input: &mut impl Read,
    telling: &Telling,
    prints: &mut Prints<'_, impl Write, impl Write>,
) -> Result<Exit, VerbError> {
    let out = &mut *prints.out;
    let mut bytes = Vec::new();
    // More than is decoded, so that it can be said: a message may be escaped to six times its size.
    let most = u64::try_from(MAX_INPUT)
        .unwrap_or(u64::MAX)
        .saturating_mul(8);
    let read = input.take(most).read_to_end(&mut bytes);
    read.map_err(VerbError::Input)?;
    if let Some(message) = message(&bytes) {
        let mut packed = false;
        for part in Haystack::of(&message).written() {
            packed = true;
            let payload = Payload::of(part.text);
            if telling.json {
                let value = payload.root().to_json();
                out.json(&format!(r#"{{"part":"{}","value":{value}}}"#, part.name))?;
            } else {
                out.line(part.name)?;
                print_tree(&payload, telling, out)?;
            }
        }
        if !packed {
            // A closed stderr takes no hints.
            let _ = prints.err.line(NOTHING);
        }
        return Ok(Exit::Good);
    }
    let data = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let data = data.strip_suffix(b"\r").unwrap_or(data);
    let payload = match std::str::from_utf8(data) {
        Ok(text) => Payload::of(text),
        Err(_) => Payload::of_bytes(data),
    };
    if telling.json {
        out.json(&payload.root().to_json())?;
    } else {
        print_tree(&payload, telling, out)?;
    }
    Ok(Exit::Good)
}

/// The message that `bytes` are, or one around an element.
fn message(bytes: &[u8]) -> Option<Message> {
    let body = {
        let (repaired, _) = json::repair(bytes);
        let tape = Tape::parse(repaired.as_bytes(), 1).ok()?;
        if tape.root().get("MsgBody").is_some() {
            bytes.to_vec()
        } else {
            tape.root().get("MsgContent")?;
            [b"{\"MsgBody\":[", bytes, b"]}"].concat()
        }
    };
    Some(Message {
        seq: None,
        time: None,
        sender: None,
        state: ItemState::Present,
        system: false,
        random: None,
        priority: None,
        repaired: false,
        raw: Raw::from(String::from_utf8_lossy(&body).as_ref()),
    })
}

fn print_tree(payload: &Payload, telling: &Telling, out: &mut Out<impl Write>) -> io::Result<()> {
    for node in payload.root().walk() {
        let mut line = " ".repeat(node.depth() * 2);
        let mut pieces = node
            .line(&telling.clock.zone, telling.clock.now)
            .into_iter()
            .peekable();
        if let Some((_, name)) = pieces.next_if(|(role, _)| *role == Role::Key) {
            line.push_str(&one_line(&name));
            line.push_str(": ");
        }
        let told: Vec<_> = pieces.map(|(_, text)| one_line(&text)).collect();
        line.push_str(&told.join("  "));
        out.line(&line)?;
    }
    Ok(())
}

/// A text of several lines would look like several nodes.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t', '\u{2028}', '\u{2029}'], " ")
}
