//! The program's own code, readable by rules: comments and quotes apart.

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder, and the file of the same name beside it.
pub(crate) fn sources(folder: &str) -> impl Iterator<Item = Source> {
    let mut found = Vec::new();
    let file = root().join(format!("{folder}.rs"));
    if file.exists() {
        found.push(file);
    }
    collect(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds no code");
    found.into_iter().map(|path| Source {
        text: fs::read_to_string(&path).expect("code is text"),
        path,
    })
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// One file of code.
pub(crate) struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    pub(crate) fn name(&self) -> String {
        let path = self.path.strip_prefix(root()).unwrap_or(&self.path);
        path.display().to_string()
    }

    /// Without comments.
    pub(crate) fn live(&self) -> String {
        strip(&self.text, true)
    }

    /// Without comments, without what stands in quotes, without test modules:
    /// a test may need a clock to make a time.
    pub(crate) fn code(&self) -> String {
        let is_test = self.path.file_stem().is_some_and(|name| name == "tests")
            || self
                .path
                .components()
                .any(|part| part.as_os_str() == "tests");
        if is_test {
            return String::new();
        }
        without_tests(&strip(&self.text, false))
    }

    pub(crate) fn has_none_of(&self, words: &[&str]) {
        let code = self.code();
        for word in words {
            assert!(!has_word(&code, word), "{}: {word}", self.name());
        }
    }
}

/// Whether `word` stands there as a whole: `crate::app` is not in `crate::apparatus`.
fn has_word(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// Takes comments out of Rust code, and unless they are kept the insides of texts too.
fn strip(text: &str, keep_texts: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let (mut out, mut i) = (String::new(), 0);
    while i < chars.len() {
        if at(i) == '/' && at(i + 1) == '/' {
            while i < chars.len() && at(i) != '\n' {
                i += 1;
            }
        } else if at(i) == '/' && at(i + 1) == '*' {
            i = end_of_block(&chars, i);
        } else if let Some(end) = end_of_text(&chars, i) {
            if keep_texts {
                out.extend(chars.iter().take(end).skip(i));
            } else {
                out.push_str("\"\"");
            }
            i = end;
        } else {
            out.push(at(i));
            i += 1;
        }
    }
    out
}

/// Behind a block comment, which may hold others.
fn end_of_block(chars: &[char], start: usize) -> usize {
    let (mut depth, mut i) = (0, start);
    while i < chars.len() {
        match (chars.get(i), chars.get(i + 1)) {
            (Some('/'), Some('*')) => (depth, i) = (depth + 1, i + 2),
            (Some('*'), Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i
}

/// Behind a text or character that begins at `start`; `None` if none does.
fn end_of_text(chars: &[char], start: usize) -> Option<usize> {
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let in_word = start > 0 && (at(start - 1).is_alphanumeric() || at(start - 1) == '_');
    if at(start) == 'r' && !in_word {
        let hashes = (start + 1..chars.len())
            .take_while(|i| at(*i) == '#')
            .count();
        let open = start + 1 + hashes;
        if at(open) != '"' {
            return None;
        }
        let closes = |i: &usize| at(*i) == '"' && (1..=hashes).all(|n| at(i + n) == '#');
        let close = (open + 1..chars.len()).find(closes).unwrap_or(chars.len());
        return Some((close + 1 + hashes).min(chars.len()));
    }
    let quote = at(start);
    // A quote that another one does not follow soon is a lifetime.
    let is_char = quote == '\'' && (at(start + 1) == '\\' || at(start + 2) == '\'');
    if quote != '"' && !is_char {
        return None;
    }
    let mut i = start + 1;
    while i < chars.len() && at(i) != quote {
        i += if at(i) == '\\' { 2 } else { 1 };
    }
    Some((i + 1).min(chars.len()))
}

/// Takes out every item marked `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let Some((before, rest)) = code.split_once(MARK) else {
        return code.to_owned();
    };
    let mut depth = 0_usize;
    let mut end = rest.len();
    for (i, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && (c == '}' || c == ';') {
            end = i + 1;
            break;
        }
    }
    let after = rest.get(end..).unwrap_or_default();
    format!("{before}{}", without_tests(after))
}

#[test]
fn the_rules_see_code_and_not_comments() {
    let source = Source {
        path: PathBuf::from("x.rs"),
        text: "// tokio\n/* a /* std::fs */ b */ let s = \"reqwest // \\\" x\"; let c = '\"'; 'a: loop {}\n\
               let r = r#\"std::net \" \"#; run(); #[cfg(test)]\nmod tests { fn f() { Instant::now() } }\nlast"
            .to_owned(),
    };
    let code = source.code();
    for hidden in ["tokio", "std::fs", "reqwest", "std::net", "Instant"] {
        assert!(!code.contains(hidden), "{hidden} in {code}");
    }
    for seen in ["let s", "let c", "'a: loop", "run()", "last"] {
        assert!(code.contains(seen), "{seen} in {code}");
    }
    let live = source.live();
    assert!(live.contains("reqwest") && live.contains("std::net"));
    assert!(!live.contains("tokio") && !live.contains("std::fs"));
}
