//! The query string, decoded by hand: what is odd in it matters here.

/// Name and value pairs in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// `None` when an escape is broken or the result is not UTF-8.
    pub(super) fn parse(query: &str) -> Option<Query> {
        let parts = query.split('&').filter(|part| !part.is_empty());
        let pairs = parts.map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Some((decode(name)?, decode(value)?))
        });
        pairs.collect::<Option<Vec<_>>>().map(Query)
    }

    /// The first value of that name; names are case-sensitive.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All pairs, the signature hidden: they go into a log.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let hide = |(name, value): &(String, String)| {
            let secret = name == "usersig" && !value.is_empty();
            (
                name.clone(),
                if secret {
                    "***".to_owned()
                } else {
                    value.clone()
                },
            )
        };
        self.0.iter().map(hide).collect()
    }
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let (high, low) = (hex(bytes.next()?)?, hex(bytes.next()?)?);
                out.push(high * 16 + low);
            }
            b'+' => out.push(b' '),
            _ => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_broken_ones_refused() {
        let query = Query::parse("a=%2A%e4%BD%A0&b=x+y&c&a=2").expect("well formed");
        assert_eq!(query.get("a"), Some("*你"));
        assert_eq!(query.get("b"), Some("x y"));
        assert_eq!(query.get("c"), Some(""));
        assert_eq!(Query::parse("a=%2"), None);
        assert_eq!(Query::parse("a=%zz"), None);
        assert_eq!(Query::parse("a=%ff"), None);
    }

    #[test]
    fn the_log_does_not_get_the_signature() {
        let query = Query::parse("usersig=eJw&random=1").expect("well formed");
        assert_eq!(
            query.pairs(),
            [("usersig", "***"), ("random", "1")].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }
}
