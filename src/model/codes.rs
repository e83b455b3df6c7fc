//! The code table: what an `ErrorCode` means and what to do about it, from
//! `assets/error_codes.toml`.
//!
//! The families are those of api-facts 1.13. Texts of the service are never
//! matched on; only its numbers are.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::error::Remedy;

/// One row of the table.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    meaning: String,
    advice: String,
    remedy: Family,
}

/// [`Remedy`] as the table spells it.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Family {
    Credentials,
    Throttle,
    Transient,
    Permanent,
}

static TABLE: LazyLock<BTreeMap<u32, Entry>> = LazyLock::new(|| {
    let rows: BTreeMap<String, Entry> =
        toml::from_str(include_str!("../../assets/error_codes.toml"))
            .expect("the code table in assets parses");
    rows.into_iter()
        .map(|(code, entry)| {
            (
                code.parse().expect("the code table's keys are codes"),
                entry,
            )
        })
        .collect()
});

/// Codes of the UserSig checks. Also the undocumented ones among them must
/// never be retried: too many failures lock the account out (70050).
const SIGNATURE_CHECKS: std::ops::RangeInclusive<u32> = 70_000..=70_099;

/// The reply would be larger than the service sends (api-facts 1.11): fewer messages may fit.
pub const REPLY_TOO_LARGE: u32 = 10_018;

/// What the program may do about `code`; unknown codes are shown and not
/// retried, and those among the UserSig codes stop the profile.
#[must_use]
pub fn remedy(code: u32) -> Remedy {
    match TABLE.get(&code).map(|entry| entry.remedy) {
        Some(Family::Credentials) => Remedy::Credentials,
        Some(Family::Throttle) => Remedy::Throttle,
        Some(Family::Transient) => Remedy::Transient,
        None if SIGNATURE_CHECKS.contains(&code) => Remedy::Credentials,
        Some(Family::Permanent) | None => Remedy::Permanent,
    }
}

/// The meaning in one phrase; `None` for a code the documentation does not know.
#[must_use]
pub fn meaning(code: u32) -> Option<&'static str> {
    TABLE.get(&code).map(|entry| entry.meaning.as_str())
}

/// What the reader can do next.
#[must_use]
pub fn advice(code: u32) -> &'static str {
    match TABLE.get(&code) {
        Some(entry) => &entry.advice,
        None if code == 0 => "the service reports a failure without a code; retry",
        None if SIGNATURE_CHECKS.contains(&code) => {
            "a code of the UserSig family: check key or UserSig, identifier and sdk_app_id"
        }
        None => "the code is not documented; its text from the service is all there is",
    }
}

/// Every code of the table, ascending.
pub fn all() -> impl Iterator<Item = u32> {
    TABLE.keys().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of the history call's own page: meaning, next step, retry.
    #[test]
    fn codes_of_the_history_call_say_what_to_do() {
        let rows = [
            (10002, "internal error", "three times", Remedy::Transient),
            (
                10003,
                "unknown command",
                "check the endpoint",
                Remedy::Permanent,
            ),
            (
                10004,
                "invalid parameter",
                "names the parameter",
                Remedy::Permanent,
            ),
            (
                10007,
                "no permission",
                "app administrator",
                Remedy::Permanent,
            ),
            (
                10010,
                "does not exist or was dismissed",
                "gone for good",
                Remedy::Permanent,
            ),
            (
                10015,
                "invalid group ID",
                "check the spelling",
                Remedy::Permanent,
            ),
        ];
        for (code, means, next, retry) in rows {
            let meaning = meaning(code).expect("a documented code");
            assert!(meaning.contains(means), "{code}: {meaning}");
            assert!(advice(code).contains(next), "{code}: {}", advice(code));
            assert_eq!(remedy(code), retry, "{code}");
        }
    }

    #[test]
    fn public_codes_belong_to_their_family() {
        let families: [(Remedy, &[u32]); 4] = [
            (
                Remedy::Credentials,
                &[
                    10008, 20002, 60004, 60005, 60010, 60012, 70001, 70002, 70003, 70005, 70009,
                    70013, 70014, 70016, 70020, 70032, 70050, 70051, 70052, 70403,
                ],
            ),
            (
                Remedy::Throttle,
                &[10006, 60007, 60011, 60018, 60019, 70114],
            ),
            (
                Remedy::Transient,
                &[
                    1003, 10002, 20004, 20005, 40006, 60008, 60013, 60014, 70169, 70202, 70500,
                    90992, 90994, 90995, 91000,
                ],
            ),
            (
                Remedy::Permanent,
                &[
                    1001, 1002, 1004, 1005, 10003, 10004, 10007, 10010, 10011, 10015, 10018, 10019,
                    10026, 10044, 10054, 10059, 10062, 11000, 110_003, 40001, 40002, 40003, 40004,
                    40007, 40008, 40009, 60002, 60003, 60006, 60009, 60015, 60016, 60017, 60020,
                    60021, 70107, 70206, 70398, 70402, 72000, 80001, 80002, 80003, 90001, 93000,
                ],
            ),
        ];
        let mut listed: Vec<u32> = Vec::new();
        for (family, codes) in families {
            for code in codes {
                assert_eq!(remedy(*code), family, "{code}");
                assert!(meaning(*code).is_some(), "{code} has no meaning");
                listed.push(*code);
            }
        }
        listed.sort_unstable();
        assert_eq!(
            listed,
            all().collect::<Vec<_>>(),
            "a code without a family here"
        );
    }

    #[test]
    fn texts_read_as_one_line() {
        for code in all() {
            for text in [meaning(code).expect("a code of the table"), advice(code)] {
                assert!(
                    text.chars().all(|c| c.is_ascii_graphic() || c == ' '),
                    "{code}"
                );
                assert!(!text.is_empty() && !text.ends_with('.'), "{code}: {text}");
            }
        }
    }

    #[test]
    fn an_unknown_code_is_shown_and_not_retried() {
        assert_eq!(meaning(79_999), None);
        assert_eq!(remedy(79_999), Remedy::Permanent);
        assert!(advice(79_999).contains("not documented"));
        assert_eq!(
            remedy(70_031),
            Remedy::Credentials,
            "a UserSig code nobody documented"
        );
    }
}
