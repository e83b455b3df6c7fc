//! A question with a numbered answer, before the browser starts.

use std::io::{self, BufRead, Read as _, Write};

use super::Out;
use crate::model::ids::SdkAppId;
use crate::model::text::Clean;

/// Nobody types a longer answer than this; a pipe may.
const LONGEST: u64 = 1_000;

/// Asks which of several profiles of one app to use: by number or name, again after
/// an answer that is neither. `None` at the end of the input.
///
/// # Errors
/// The question cannot be asked or the answer not be read.
pub fn choose(
    app: SdkAppId,
    profiles: &[(&str, Clean)],
    input: &mut impl BufRead,
    out: &mut Out<impl Write>,
) -> io::Result<Option<usize>> {
    out.line(&format!("The link is for app {app}, and so are:"))?;
    for (at, (name, label)) in profiles.iter().enumerate() {
        let label = if label.as_str() == *name {
            String::new()
        } else {
            format!("  {label}")
        };
        out.line(&format!("  {}  {name}{label}", at + 1))?;
    }
    loop {
        out.line(&format!("Which one? 1 to {}, or its name:", profiles.len()))?;
        let mut answer = String::new();
        if input.by_ref().take(LONGEST).read_line(&mut answer)? == 0 {
            return Ok(None);
        }
        let answer = answer.trim();
        let by_name = profiles.iter().position(|(name, _)| *name == answer);
        let number = answer.parse::<usize>().ok();
        let by_number = number.and_then(|n| n.checked_sub(1));
        let chosen = by_name.or(by_number.filter(|at| *at < profiles.len()));
        if chosen.is_some() {
            return Ok(chosen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(answers: &str) -> (Option<usize>, String) {
        let mut told = Vec::new();
        let profiles = [("prod", "ACME (EU)".into()), ("test", "test".into())];
        let mut out = Out::new(&mut told);
        let chosen = choose(SdkAppId(7), &profiles, &mut answers.as_bytes(), &mut out);
        let told = String::from_utf8(told.clone()).expect("text");
        (chosen.expect("asked"), told)
    }

    #[test]
    fn a_number_or_a_name_answers() {
        let (chosen, told) = asked("2\n");
        assert_eq!(chosen, Some(1));
        assert_eq!(
            told,
            "The link is for app 7, and so are:\n  1  prod  ACME (EU)\n  2  test\n\
             Which one? 1 to 2, or its name:\n"
        );
        assert_eq!(asked("prod\n").0, Some(0));
    }

    #[test]
    fn anything_else_is_asked_again_until_the_input_ends() {
        let (chosen, told) = asked("0\n3\nno\n\n1\n");
        assert_eq!(chosen, Some(0));
        assert_eq!(told.matches("Which one?").count(), 5);
        assert_eq!(asked("").0, None);
    }
}
