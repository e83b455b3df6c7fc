//! `verify`: whether an exported file is what it says.

use std::io::Write;
use std::path::Path;

use super::{Out, VerbError};
use crate::cli::Exit;
use crate::export;
use crate::model::text::clean;

/// Reads an exported file and says line by line what is wrong with it. Exit 1 if anything is.
///
/// # Errors
/// It is none, or cannot be read; the findings cannot be written.
pub fn verify(file: &Path, out: &mut Out<impl Write>) -> Result<Exit, VerbError> {
    let found = export::verify(file).map_err(|cause| VerbError::Unverifiable {
        file: clean(&file.display().to_string()),
        cause,
    })?;
    for line in &found.wrong {
        out.line(&format!("wrong  {line}"))?;
    }
    let asked = &found.manifest.asked;
    if let Some(came) = &found.manifest.result {
        if found.wrong.is_empty() {
            let records = came.records;
            out.line(&format!(
                "ok     {records} records, SHA-256 {}",
                came.sha256
            ))?;
        }
        let (of, from, to) = (asked.conversation(), asked.from, asked.to);
        out.line(&format!("note   {}, seq {from} to {to}", of.id()))?;
        out.line(&format!("note   {}", came.counts.words()))?;
    }
    Ok(if found.wrong.is_empty() {
        Exit::Good
    } else {
        Exit::Wanting
    })
}
