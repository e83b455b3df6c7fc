//! Which pairs of neighbouring bytes stand in a text: one that lacks a pair of what is
//! looked for need not be read at all.

/// One pair, in either case, as the number of its bit; others share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) struct Pair(u16);

/// As many as make eight bytes for each message of a full leaf.
const BITS: usize = 4_096;
const WORDS: usize = BITS / 64;

/// The pairs of a text.
#[derive(Debug, Clone)]
pub(in crate::model) struct Pairs(Box<[u64; WORDS]>);

impl Pairs {
    pub(in crate::model) const BYTES: usize = BITS / 8;

    pub(in crate::model) fn of(text: &str) -> Self {
        let mut words = Box::new([0; WORDS]);
        for pair in all(text) {
            let (word, bit) = pair.place();
            if let Some(word) = words.get_mut(word) {
                *word |= bit;
            }
        }
        Self(words)
    }

    /// Whether none of these is lacking.
    pub(in crate::model) fn hold(&self, wanted: &[Pair]) -> bool {
        wanted.iter().all(|pair| {
            let (word, bit) = pair.place();
            self.0.get(word).is_none_or(|word| word & bit != 0)
        })
    }
}

impl Pair {
    fn new(first: u8, second: u8) -> Self {
        let both = u16::from_be_bytes([first, second].map(|byte| byte.to_ascii_lowercase()));
        // The upper bits of a product depend on all of the lower ones.
        Self(both.wrapping_mul(40_503) >> 4)
    }

    fn place(self) -> (usize, u64) {
        (usize::from(self.0 / 64), 1 << (self.0 % 64))
    }
}

/// All pairs of a text.
pub(super) fn all(text: &str) -> impl Iterator<Item = Pair> {
    let pairs = text.as_bytes().windows(2);
    pairs.filter_map(|pair| match pair {
        [first, second] => Some(Pair::new(*first, *second)),
        _ => None,
    })
}

/// The pairs that a text must have to hold `literal`, whatever the case of its letters.
pub(super) fn folded(literal: &str) -> impl Iterator<Item = Pair> {
    // Beyond ASCII another case has other bytes, and these two letters have a third form
    // there: the Kelvin sign and the long s.
    let is_sure = |byte: u8| byte.is_ascii() && !matches!(byte | 0x20, b'k' | b's');
    let pairs = literal.as_bytes().windows(2);
    pairs.filter_map(move |pair| match pair {
        [first, second] if is_sure(*first) && is_sure(*second) => Some(Pair::new(*first, *second)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Needle;
    use super::*;

    #[test]
    fn a_text_that_lacks_a_pair_is_told_apart() {
        let pairs = Pairs::of("a refund that is stuck");
        let wanted = |literal: &str| folded(literal).collect::<Vec<_>>();
        assert!(pairs.hold(&wanted("REFUND")) && pairs.hold(&wanted("f")));
        assert!(!pairs.hold(&wanted("quagmire")) && !pairs.hold(&wanted("fr")));
        assert_eq!(wanted("sky"), []);
    }

    fn text(most: usize) -> impl Strategy<Value = String> {
        let signs = "aAkKsS\u{212a}\u{17f}ﬁé你好 z1".chars().collect::<Vec<_>>();
        let chars = prop::collection::vec(prop::sample::select(signs), 1..most);
        chars.prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// What is found is never ruled out.
        #[test]
        fn a_text_with_the_needle_has_its_pairs(literal in text(4), text in text(12)) {
            let needle = Needle::parse(&literal).expect("a literal");
            if let Some(quick) = needle.quick(false, false)
                && quick.find(&text, 0).is_some()
            {
                prop_assert!(Pairs::of(&text).hold(needle.pairs()));
            }
        }
    }
}
