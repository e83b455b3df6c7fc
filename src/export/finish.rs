//! The end of an export: what stands behind the records and beside the file, and its name.

use std::fs;
use std::io;
use std::path::Path;

use super::book::{Book, Closed};
use super::run::Sink;
use super::target::Paths;

/// The foot, what stands beside the file, and at last its name.
pub(super) fn close(book: &mut Book, finished: String, sink: &Sink) -> io::Result<Closed> {
    let closed = book.close(finished)?;
    let (Sink::File { paths, force }, Some(part)) = (sink, book.part()) else {
        return Ok(closed);
    };
    if !force && fs::symlink_metadata(&paths.file).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    if !closed.manifest.asked.format.holds_manifest() {
        let mut json = closed.manifest.to_json();
        json.push('\n');
        Paths::beside(&paths.manifest, json.as_bytes())?;
    }
    let line = sidecar(&closed.sha256, &paths.file);
    Paths::beside(&paths.sha256, line.as_bytes())?;
    paths.finish(part, *force)?;
    Ok(closed)
}

/// A line as `sha256sum` writes and `sha256sum -c` reads it.
fn sidecar(sha256: &str, file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let escaped = name
        .replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "\\r");
    let mark = if escaped == name { "" } else { "\\" };
    format!("{mark}{sha256}  {escaped}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_are_written_as_sha256sum_does() {
        assert_eq!(sidecar("00", Path::new("a/b c.jsonl")), "00  b c.jsonl\n");
        assert_eq!(sidecar("00", Path::new("a\\b\n")), "\\00  a\\\\b\\n\n");
    }
}
