//! Against pipes: before a terminal that takes everything, something, or nothing.

use std::io::{self, PipeReader, PipeWriter, Read, Write};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use super::*;
use crate::ui::Colors;

const LONG: Duration = Duration::from_secs(20);
/// A pipe has room again when so much has been read from it.
const PIECE: usize = 4096;

fn frame(text: &str) -> Frame {
    sized(text, 30, 3)
}

/// More than a piece of a pipe holds.
fn large(text: &str) -> Frame {
    sized(text, 100, 60)
}

fn sized(text: &str, width: u16, height: u16) -> Frame {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    for y in 1..height {
        buffer.set_string(0, y, text.repeat(width.into()), Style::new());
    }
    buffer.set_string(0, 1, format!("<{text}>"), Style::new());
    Frame {
        picture: buffer.into(),
        cursor: None,
    }
}

fn set(fd: &PipeWriter, flag: OFlags, on: bool) {
    let mut flags = fcntl_getfl(fd).expect("flags");
    flags.set(flag, on);
    fcntl_setfl(fd, flags).expect("set");
}

/// Before a pipe that never waits: by our own word, or by somebody else's.
fn screen(new: fn(std::os::fd::OwnedFd) -> Output) -> (Screen, PipeReader, PipeWriter) {
    let (read, write) = io::pipe().expect("a pipe");
    set(&write, OFlags::NONBLOCK, true);
    let other = write.try_clone().expect("a descriptor");
    let screen = Screen::spawn(new(write.into()), Colors::Sixteen);
    (screen.expect("a thread"), read, other)
}

const BOTH: [fn(std::os::fd::OwnedFd) -> Output; 2] = [Output::unshared, Output::new];

/// Until the pipe takes nothing.
fn fill(mut write: &PipeWriter) {
    while write.write(&[b'.'; PIECE]).is_ok() {}
}

/// Reads until `end` has come.
fn read_to(read: &mut impl Read, end: &str) -> String {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(end.as_bytes()) {
        assert_eq!(read.read(&mut byte).expect("read"), 1, "ended early");
        bytes.extend(byte);
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// What shows this frame on a terminal of which nothing is known.
fn bytes_of(frame: Frame) -> String {
    let (mut screen, mut read, other) = screen(Output::unshared);
    drop(other);
    let reading = std::thread::spawn(move || {
        let mut all = String::new();
        read.read_to_string(&mut all).expect("read");
        all
    });
    screen.show(frame);
    assert!(screen.stop(LONG));
    reading.join().expect("read")
}

#[test]
fn the_same_frame_again_is_not_written_and_a_repaint_is() {
    for new in BOTH {
        let (mut screen, mut read, _) = screen(new);
        screen.show(frame("one"));
        let first = read_to(&mut read, "\x1b[?25l");
        screen.show(frame("one"));
        screen.send_aside(b"<aside>".to_vec());
        assert_eq!(read_to(&mut read, "<aside>"), "<aside>");
        screen.repaint();
        assert_eq!(read_to(&mut read, "\x1b[?25l"), first);
        screen.send_aside(b"<end>".to_vec());
        read_to(&mut read, "<end>");
        let bytes = first.len() as u64 * 2 + 12;
        assert_eq!((screen.stats().frames, screen.stats().bytes), (2, bytes));
        assert!(screen.stop(LONG));
    }
}

#[test]
fn a_frame_that_is_taken_at_once_has_left_by_then() {
    let (mut screen, mut read, _other) = screen(Output::unshared);
    let wanted = bytes_of(frame("one"));
    let mut bytes = vec![0; PIECE];
    // Nobody else writes: what is not there yet would never come.
    screen.show(frame("one"));
    let came = read.read(&mut bytes).expect("read");
    assert_eq!(bytes.get(..came), Some(wanted.as_bytes()));
    screen.show_anew(frame("one"));
    let came = read.read(&mut bytes).expect("read");
    assert_eq!(bytes.get(..came), Some(wanted.as_bytes()));
    assert_eq!(screen.stats().frames, 2);
}

#[test]
fn what_the_terminal_leaves_of_a_frame_comes_before_all_else() {
    let (mut screen, mut read, write) = screen(Output::unshared);
    fill(&write);
    read.read_exact(&mut [0; PIECE]).expect("read");
    screen.show(large("a"));
    screen.send_aside(b"<aside>".to_vec());
    screen.show(large("b"));
    screen.show(large("c"));
    let end = std::thread::spawn(move || read_to(&mut read, "\x1b[?25l<aside>"));
    let came = end.join().expect("read");
    let first = bytes_of(large("a"));
    assert_eq!(came.trim_start_matches('.'), first + "<aside>");
}

#[test]
fn what_waits_behind_the_rest_of_a_frame_is_the_newest() {
    for new in BOTH {
        let (mut screen, mut read, write) = screen(new);
        fill(&write);
        read.read_exact(&mut [0; PIECE]).expect("read");
        for text in ["a", "b", "c", "d"] {
            screen.show(large(text));
        }
        let all = read_to(&mut read, "<d>");
        assert!(!all.contains("<c>"), "{all:?}");
        assert!(screen.stats().frames <= 3);
    }
}

#[test]
fn the_rest_of_a_frame_leaves_before_the_end() {
    let (mut screen, mut read, write) = screen(Output::unshared);
    fill(&write);
    read.read_exact(&mut [0; PIECE]).expect("read");
    screen.show(large("a"));
    drop(write);
    let reading = std::thread::spawn(move || {
        let mut all = String::new();
        read.read_to_string(&mut all).expect("read");
        all
    });
    assert!(screen.stop(LONG));
    let all = reading.join().expect("read");
    assert_eq!(all.trim_start_matches('.'), bytes_of(large("a")));
}

#[test]
fn a_terminal_that_waits_has_the_thread_wait() {
    for new in BOTH {
        let (mut screen, mut read, write) = screen(new);
        fill(&write);
        set(&write, OFlags::NONBLOCK, false);
        screen.show(frame("one"));
        read_to(&mut read, "\x1b[?25l");
        assert!(screen.stop(LONG));
    }
}

#[test]
fn what_was_sent_aside_before_a_frame_leaves_before_it() {
    let (mut screen, read, _other) = screen(Output::unshared);
    let letters: Vec<char> = ('\u{4e00}'..).take(1_000).collect();
    let last = letters.last().expect("some").to_string();
    let mut read = io::BufReader::new(read);
    let reading = std::thread::spawn(move || read_to(&mut read, &last));
    for (n, letter) in letters.iter().enumerate() {
        screen.send_aside(format!("(before {n})").into_bytes());
        screen.show(frame(&letter.to_string()));
    }
    let all = reading.join().expect("read");
    for (n, letter) in letters.into_iter().enumerate() {
        let aside = all.find(&format!("(before {n})")).expect("kept");
        // A frame may have been replaced.
        assert!(all.find(letter).is_none_or(|shown| aside < shown), "{n}");
    }
}

#[test]
fn while_the_terminal_takes_nothing_only_the_newest_frame_waits() {
    for new in BOTH {
        let (mut screen, mut read, _) = screen(new);
        // More than a pipe holds, so that the writer waits behind it.
        let mut filler = vec![b'.'; 1 << 20];
        filler.extend(b"<full>");
        screen.send_aside(filler);
        for n in 0..300 {
            screen.show(frame(&format!("frame {n}")));
        }
        screen.send_aside(b"<kept>".to_vec());
        read_to(&mut read, "<full>");
        let rest = read_to(&mut read, "\x1b[?25l");
        assert!(
            rest.contains("<kept>") && rest.contains("frame 299"),
            "{rest:?}"
        );
        assert_eq!(rest.matches("<frame").count(), 1, "{rest:?}");
        assert!(screen.stop(LONG));
    }
}

#[test]
fn a_blocked_terminal_does_not_keep_stop() {
    let (screen, _read, _) = screen(Output::unshared);
    screen.send_aside(vec![b'.'; 1 << 20]);
    assert!(!screen.stop(Duration::from_millis(1)));
}

#[test]
fn what_was_sent_aside_leaves_before_the_end() {
    let (screen, mut read, other) = screen(Output::unshared);
    drop(other);
    screen.send_aside(b"clipboard".to_vec());
    assert!(screen.stop(LONG));
    let mut all = String::new();
    read.read_to_string(&mut all).expect("read");
    assert_eq!(all, "clipboard");
}

#[tokio::test]
async fn a_lost_terminal_is_reported() {
    for new in BOTH {
        let (mut screen, read, _) = screen(new);
        drop(read);
        screen.show(frame("x"));
        screen.gone().await;
    }
}
