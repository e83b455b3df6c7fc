//! Whether a file is what its manifest says: unchanged, whole, and every seq accounted for.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use serde::Deserialize;

use super::digest::Digest;
use super::format::Format;
use super::manifest::{Came, Manifest};
use super::seqs::Seqs;
use super::target::Paths;

/// Why a file cannot be verified at all.
#[derive(Debug, thiserror::Error)]
pub enum Unverifiable {
    /// It, or what belongs to it, cannot be read.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// There is no manifest at its beginning or beside it.
    #[error("no export: there is no manifest in it or beside it")]
    NoExport,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What the file says of itself.
    pub manifest: Manifest,
    /// What is wrong, a line each; nothing for a file that is as it should be.
    pub wrong: Vec<String>,
}

/// What a file really holds.
struct Held {
    records: u64,
    bytes: u64,
    sha256: String,
    seqs: Option<Seqs>,
    /// The last record has no end, or what stands behind the records is missing.
    cut: bool,
}

/// Reads a file and what belongs to it; asks nobody else.
///
/// # Errors
/// It cannot be verified.
pub fn verify(path: &Path) -> Result<Verdict, Unverifiable> {
    let paths = Paths::of(path);
    let beside = || {
        let json = fs::read(&paths.manifest).ok()?;
        Manifest::read(json.trim_ascii_end())
    };
    let (manifest, held) = match lines(path) {
        Err(Unverifiable::NoExport) => {
            let manifest = beside().ok_or(Unverifiable::NoExport)?;
            let held = other(path, &manifest)?;
            (manifest, held)
        }
        read => read?,
    };
    let mut wrong = Vec::new();
    match &manifest.result {
        None => wrong.push(cut_off(&held)),
        Some(came) => compare(&manifest, came, &held, &mut wrong),
    }
    if let Some(sha256) = sidecar(&paths.sha256)
        && sha256 != whole(path)?
    {
        wrong.push(format!(
            "changed: the file is not the one of {}",
            paths.sha256.display()
        ));
    }
    Ok(Verdict { manifest, wrong })
}

fn cut_off(held: &Held) -> String {
    let last = held.seqs.as_ref().and_then(Seqs::last);
    let last = last.map_or(String::new(), |seq| format!(", the last of them seq {seq}"));
    format!(
        "cut: there is no manifest at the end; {} records{last}",
        held.records
    )
}

fn compare(manifest: &Manifest, came: &Came, held: &Held, wrong: &mut Vec<String>) {
    if held.bytes < came.records_bytes || held.cut {
        let (is, was) = (held.bytes, came.records_bytes);
        wrong.push(format!("cut: {is} bytes of records where there were {was}"));
    } else if held.sha256 != came.sha256 {
        wrong.push("changed: the records are not those of the manifest (SHA-256)".to_owned());
    }
    let whole = manifest
        .asked
        .range()
        .map_or(0, |range| u64::from(range.len()));
    let seen = came.counts.sum();
    if seen != whole {
        wrong.push(format!(
            "not accounted for: {seen} of {whole} seqs were looked at"
        ));
    }
    let Some(seqs) = &held.seqs else { return };
    if held.records != came.records {
        let (is, was) = (held.records, came.records);
        wrong.push(format!("changed: {is} records where there were {was}"));
    }
    wrong.extend(seqs.wrong(manifest.asked.filter.is_some()));
}

/// A file of JSON lines.
fn lines(path: &Path) -> Result<(Manifest, Held), Unverifiable> {
    #[derive(Deserialize)]
    struct Line {
        seq: u32,
    }
    let mut reader = BufReader::new(File::open(path)?);
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    let first = Manifest::read(line.trim_ascii_end()).ok_or(Unverifiable::NoExport)?;
    let range = first.asked.range().ok_or(Unverifiable::NoExport)?;
    let mut seqs = Seqs::new(range, first.asked.order);
    let mut hash = Digest::new();
    let (mut records, mut bytes, mut cut) = (0, 0, false);
    let mut last = None;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.starts_with(b"{\"manifest\":") {
            last = Manifest::read(line.trim_ascii_end());
            continue;
        }
        cut |= !line.ends_with(b"\n");
        hash.feed(&line);
        bytes += u64::try_from(line.len()).unwrap_or_default();
        records += 1;
        match serde_json::from_slice::<Line>(&line) {
            Ok(record) => seqs.see(record.seq),
            Err(_) => seqs.strange(),
        }
    }
    let held = Held {
        records,
        bytes,
        sha256: hash.hex(),
        seqs: Some(seqs),
        cut,
    };
    // What was asked stands in both; who changed one of them changed the file.
    let manifest = match last {
        Some(last) if last.asked == first.asked => last,
        Some(_) | None => first,
    };
    Ok((manifest, held))
}

/// A file whose manifest lies beside it.
fn other(path: &Path, manifest: &Manifest) -> Result<Held, Unverifiable> {
    let came = manifest.result.as_ref().ok_or(Unverifiable::NoExport)?;
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(came.records_from))?;
    let mut part = BufReader::new(file).take(came.records_bytes);
    let mut hash = Digest::new();
    let bytes = feed(&mut part, &mut hash)?;
    let (records, seqs) = match manifest.asked.format {
        Format::Csv => rows(path, manifest)?,
        Format::Jsonl | Format::Markdown | Format::Html => (came.records, None),
    };
    Ok(Held {
        records,
        bytes,
        sha256: hash.hex(),
        seqs,
        cut: false,
    })
}

/// The seqs of a table.
fn rows(path: &Path, manifest: &Manifest) -> Result<(u64, Option<Seqs>), Unverifiable> {
    let range = manifest.asked.range().ok_or(Unverifiable::NoExport)?;
    let mut seqs = Seqs::new(range, manifest.asked.order);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(BufReader::new(File::open(path)?));
    let mut records = 0;
    for row in reader.byte_records() {
        records += 1;
        let seq = row.ok().and_then(|row| {
            let text = std::str::from_utf8(row.get(0)?).ok()?;
            text.parse().ok()
        });
        match seq {
            Some(seq) => seqs.see(seq),
            None => seqs.strange(),
        }
    }
    Ok((records, Some(seqs)))
}

/// The hash that `FILE.sha256` names, if it is there.
fn sidecar(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let hash = text.trim_start_matches('\\').split_whitespace().next()?;
    Some(hash.to_owned())
}

fn whole(path: &Path) -> io::Result<String> {
    let mut hash = Digest::new();
    feed(&mut BufReader::new(File::open(path)?), &mut hash)?;
    Ok(hash.hex())
}

fn feed(from: &mut impl io::Read, hash: &mut Digest) -> io::Result<u64> {
    // As many bytes as a disk likes to give at once.
    let mut buffer = vec![0; 1 << 16];
    let mut total = 0;
    loop {
        let n = from.read(&mut buffer)?;
        if n == 0 {
            return Ok(total);
        }
        hash.feed(buffer.get(..n).unwrap_or_default());
        total += u64::try_from(n).unwrap_or_default();
    }
}
