//! The nearest known word, for "did you mean".

/// The known word nearest to `word`, if one is near enough to be meant: one
/// slip in three letters, or the beginning of a single known word. Farther
/// words only confuse.
#[must_use]
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let known: Vec<&str> = known.into_iter().collect();
    let allowed = (word.chars().count() / 3).max(1);
    let near = known
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(slips, _)| *slips <= allowed)
        .min_by_key(|(slips, _)| *slips);
    if let Some((_, candidate)) = near {
        return Some(candidate);
    }
    // Two letters begin too many words to say anything.
    let mut longer = known
        .iter()
        .filter(|k| word.len() > 2 && k.starts_with(word));
    match (longer.next(), longer.next()) {
        (Some(only), None) => Some(only),
        (_, _) => None,
    }
}

/// How many letters are missing, too many, wrong or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let fold = |text: &str| -> Vec<char> {
        text.chars()
            .map(|c| {
                if c == '-' {
                    '_'
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect()
    };
    let (a, b) = (fold(a), fold(b));
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = last[j] + usize::from(x != y);
            let mut best = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_finds_the_word() {
        let known = ["region", "endpoint", "secret_key_file", "mouse"];
        assert_eq!(nearest("regoin", known), Some("region"));
        assert_eq!(nearest("mose", known), Some("mouse"));
        assert_eq!(nearest("secret-key-file", known), Some("secret_key_file"));
        assert_eq!(nearest("Secret_Key_Flie", known), Some("secret_key_file"));
    }

    #[test]
    fn a_beginning_finds_the_only_word_it_begins() {
        let known = ["identifier", "secret_key_file", "secret_key_env"];
        assert_eq!(nearest("ident", known), Some("identifier"));
        assert_eq!(nearest("secret", known), None);
    }

    #[test]
    fn a_far_word_suggests_nothing() {
        assert_eq!(nearest("colour_depth", ["region", "mouse"]), None);
        assert_eq!(nearest("", ["region"]), None);
    }

    #[test]
    fn slips_are_counted_once() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("abc", "abc"), 0);
    }
}
