//! Messages meant to hurt, looked at in every way there is.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tim_history::emulator::{Group, World};

use self::harmless::harmless;
use self::strings::Mixer;
use crate::home::{Home, serving};
use crate::pty::Pty;
use crate::stream::{Piece, pieces};

#[path = "../flows/hostile/harmless.rs"]
mod harmless;
#[path = "../flows/hostile/strings.rs"]
mod strings;

const GROUP: &str = "@TGS#2HOSTILE01";

/// What our own writer says: colours, region, clearing to the end of a line,
/// cursor, lines, and the modes of entering and leaving.
pub(crate) fn is_ours(piece: &Piece) -> bool {
    match piece {
        Piece::Text(c) => !is_treacherous(*c),
        Piece::Control(c) => matches!(c, b'\r' | b'\n' | 0x08),
        Piece::Csi(parameters, last) => match parameters.strip_prefix('?') {
            Some(mode) => {
                let ours = ["1049", "25", "2004", "1007", "1006", "1000"];
                ours.contains(&mode) && ["h", "l", "s", "r"].contains(&last.as_str())
            }
            None => ["m", "r", "K", "H", "G", "C", "L", "M"].contains(&last.as_str()),
        },
        Piece::Escape(what) => what == "M",
        Piece::Command(_) | Piece::Clipboard(_) | Piece::Foreign(_) => false,
    }
}

/// Characters that a terminal or an eye takes for something else: other order,
/// other lines, nothing at all.
fn is_treacherous(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// From message to message to the `last`, as the status line names it; `keys` are
/// pressed in each.
fn walk(t: &Pty, keys: &[&str], messages: u32, last: &str) {
    for _ in 0..messages {
        for keys in keys {
            t.keys(keys);
            t.catch_up();
        }
    }
    t.shows(&[last]);
}

/// All messages in pairs of views: up through the first, down through the second.
fn look_at_everything(size: (u16, u16), views: &[(&str, &str)]) {
    let world = World::demo();
    let head = world.group(GROUP).expect("it is there").head();
    let (newest, oldest) = (format!("seq {head} of"), "seq 1 of");
    let home = Home::new();
    let t = home.open(&["--demo", "--group", GROUP], size);
    t.shows(&[&newest]);
    // Rows of one line each, and whole ones; names and IDs.
    for keys in [
        "<pageup>", "<pageup>", "w", "i", "<pageup>", "<pageup>", "<home>", "G",
    ] {
        t.keys(keys);
        t.catch_up();
    }
    t.keys("l");
    for (up, down) in views {
        t.keys(up);
        walk(&t, &["<pagedown>", "K"], head, oldest);
        t.keys(down);
        walk(&t, &["J"], head, &newest);
    }
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
    let mut foreign: Vec<Piece> = pieces(&left.raw);
    foreign.retain(|piece| !is_ours(piece));
    assert_eq!(foreign, []);
}

#[test]
fn nothing_hostile_reaches_a_small_terminal() {
    // Text and JSON, bytes and code points as bytes, the message's own JSON twice.
    let views = [("1", "2"), ("3", "3"), ("x", "w")];
    look_at_everything((60, 16), &views);
}

#[test]
fn nothing_hostile_reaches_a_usual_terminal() {
    look_at_everything((80, 24), &[("1", "3")]);
}

#[test]
fn nothing_hostile_reaches_a_large_terminal() {
    look_at_everything((160, 48), &[("2", "1")]);
}

/// Messages of strangers that are copied one by one.
const COPIED: u32 = 40;

#[test]
fn nothing_hostile_is_copied() {
    let mut mixer = Mixer::new(11);
    let mut group = Group::chat("@TGS#A", 0);
    for seq in 1..=COPIED {
        let text = mixer.mix().json;
        let json = format!(
            r#"{{"From_Account":"{text}","MsgSeq":{seq},"MsgRandom":{seq},"MsgTimeStamp":1767225600,
            "MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}}]}}"#
        );
        group.put(seq, json);
    }
    let service = serving(World::of(vec![group]));
    let home = Home::new();
    home.configure(&service.profile_toml());
    let t = home.open(&["--group", "@TGS#A"], (100, 30));
    t.shows(&[&format!("seq {COPIED} of {COPIED}")]);
    let file = home.path().join(".local/state/tim-history/last-copy.txt");
    for _ in 0..COPIED {
        // Its text, the block for a ticket, its raw JSON, its IDs.
        for keys in ["yy", "yt", "yj", "yi"] {
            let _ = fs::remove_file(&file);
            t.keys(keys);
            t.catch_up();
            // A text that is empty is not copied at all.
            if let Ok(bytes) = fs::read(&file) {
                harmless("the file", &String::from_utf8(bytes).expect("our text"));
            }
        }
        t.keys("k");
        t.catch_up();
    }
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
    let pieces = pieces(&left.raw);
    let copy = |piece: &Piece| {
        let Piece::Clipboard(text) = piece else {
            return None;
        };
        Some(STANDARD.decode(text).expect("base64"))
    };
    let sent: Vec<Vec<u8>> = pieces.iter().filter_map(copy).collect();
    assert!(sent.len() > 3 * COPIED as usize, "{} copies", sent.len());
    for bytes in sent {
        harmless(
            "the clipboard",
            &String::from_utf8(bytes).expect("our text"),
        );
    }
    let mut foreign = pieces;
    foreign.retain(|piece| !matches!(piece, Piece::Clipboard(_)) && !is_ours(piece));
    assert_eq!(foreign, []);
}
