//! What one number may mean.

use super::arena::Kind;
use super::node::Node;
use super::wire;
use crate::model::message::Timestamp;

/// One way to read a number or a run of bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Meaning {
    /// Without a sign.
    Unsigned(u64),
    /// In two's complement: only where that makes it negative.
    Signed(i64),
    /// `sint32` and `sint64`: the sign in the last bit.
    Zigzag(i64),
    /// Only 0 and 1 are.
    Bool(bool),
    /// 64 bits, or 32 bits widened.
    Float(f64),
    /// 32 bits.
    Float32(f32),
    /// Seconds or milliseconds since 1970, in the last 20 years.
    Time(Timestamp),
}

impl Node<'_> {
    /// What a number may mean, the likeliest first; nothing for what is no number.
    ///
    /// A number is a time where it is in the 20 years before `now`, or on the day after.
    #[must_use]
    pub fn meanings(self, now: Option<Timestamp>) -> Vec<Meaning> {
        let mut meanings = Vec::new();
        match self.kind() {
            Kind::Varint => {
                let Ok((value, _)) = wire::varint(self.bytes()) else {
                    return meanings;
                };
                integer(value, value.cast_signed(), &mut meanings);
                meanings.push(Meaning::Zigzag(zigzag(value)));
                if value < 2 {
                    meanings.push(Meaning::Bool(value == 1));
                }
                meanings.extend(time(value, now).map(Meaning::Time));
            }
            Kind::Fixed32 => {
                let bytes = self.bytes().try_into().unwrap_or_default();
                let value = u32::from_le_bytes(bytes);
                integer(value.into(), value.cast_signed().into(), &mut meanings);
                meanings.push(Meaning::Float32(f32::from_le_bytes(bytes)));
                meanings.extend(time(value.into(), now).map(Meaning::Time));
            }
            Kind::Fixed64 => {
                let bytes = self.bytes().try_into().unwrap_or_default();
                let value = u64::from_le_bytes(bytes);
                integer(value, value.cast_signed(), &mut meanings);
                meanings.push(Meaning::Float(f64::from_le_bytes(bytes)));
                meanings.extend(time(value, now).map(Meaning::Time));
            }
            Kind::Number | Kind::String | Kind::Text => {
                let number = std::str::from_utf8(self.bytes()).ok();
                let number = number.and_then(|text| text.parse().ok());
                let time = number.and_then(|number| time(number, now));
                meanings.extend(time.map(Meaning::Time));
            }
            Kind::Object
            | Kind::Array
            | Kind::Word
            | Kind::Message
            | Kind::Delimited(_)
            | Kind::Group
            | Kind::Bytes
            | Kind::Layer(_)
            | Kind::Choice
            | Kind::Damage(_) => {}
        }
        meanings
    }

    /// The numbers that a field of bytes holds one behind the other, where there are
    /// two or more and nothing else: a packed list.
    #[must_use]
    pub fn packed(self) -> Vec<u64> {
        let mut numbers = Vec::new();
        let mut rest = self.bytes();
        while !rest.is_empty() {
            let Ok((number, length)) = wire::varint(rest) else {
                return Vec::new();
            };
            numbers.push(number);
            rest = rest.get(length..).unwrap_or_default();
        }
        if numbers.len() < 2 {
            numbers.clear();
        }
        numbers
    }
}

fn integer(unsigned: u64, signed: i64, meanings: &mut Vec<Meaning>) {
    meanings.push(Meaning::Unsigned(unsigned));
    if signed < 0 {
        meanings.push(Meaning::Signed(signed));
    }
}

fn zigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// Seconds of 20 years, leap days among them.
const TWENTY_YEARS: i64 = 20 * 31_557_600;

/// Clocks differ, and a reminder is set for tomorrow: seconds of a day.
const A_DAY: i64 = 86_400;

fn time(value: u64, now: Option<Timestamp>) -> Option<Timestamp> {
    let now = now?.seconds();
    let value = i64::try_from(value).ok()?;
    let recent = |seconds: &i64| (now - TWENTY_YEARS..=now + A_DAY).contains(seconds);
    // Milliseconds where it is not seconds.
    let seconds = [value, value / 1_000].into_iter().find(recent)?;
    Timestamp::new(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::payload::Payload;

    const NOW: Option<Timestamp> = Timestamp::new(1_700_000_000);

    fn first(bytes: &[u8]) -> Vec<Meaning> {
        let payload = Payload::of_bytes(bytes);
        let field = payload.root().children().next().expect("a field");
        field.meanings(NOW)
    }

    #[test]
    fn a_number_is_all_that_it_may_be() {
        use Meaning::{Bool, Float, Float32, Signed, Time, Unsigned, Zigzag};
        assert_eq!(first(&[8, 1]), [Unsigned(1), Zigzag(-1), Bool(true)]);
        assert_eq!(first(&[8, 6]), [Unsigned(6), Zigzag(3)]);
        let minus = [8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1];
        let most = [Unsigned(u64::MAX), Signed(-1), Zigzag(i64::MIN)];
        assert_eq!(first(&minus), most);
        let at = Timestamp::new(1_458_721_802).expect("a time");
        let seconds = [&[13][..], &1_458_721_802_u32.to_le_bytes()].concat();
        let mut meant = first(&seconds);
        assert!(matches!(meant.remove(1), Float32(_)));
        assert_eq!(meant, [Unsigned(1_458_721_802), Time(at)]);
        let half = [&[9][..], &0.5_f64.to_le_bytes()].concat();
        assert_eq!(first(&half).get(1), Some(&Float(0.5)));
    }

    #[test]
    fn only_the_last_twenty_years_are_times() {
        let is_time = |text: &str| {
            let payload = Payload::of(&format!("[{text}]"));
            let number = payload.root().children().next().expect("a number");
            !number.meanings(NOW).is_empty()
        };
        for time in [
            "1458721802",
            "1458721802000",
            "\"1458721802\"",
            "1700086400",
        ] {
            assert!(is_time(time), "{time}");
        }
        for number in [
            "884213",
            "13800138000",
            "1700086401",
            "1000000000",
            "1.4e9",
            "-1458721802",
        ] {
            assert!(!is_time(number), "{number}");
        }
    }

    #[test]
    fn packed_numbers_are_several_and_nothing_else() {
        let packed = |bytes: &[u8]| {
            let bytes = [&[34, u8::try_from(bytes.len()).expect("short")], bytes].concat();
            let payload = Payload::of_bytes(&bytes);
            payload.root().children().next().map(Node::packed)
        };
        assert_eq!(
            packed(&[3, 0x8e, 2, 0x9e, 0xa7, 5]),
            Some(vec![3, 270, 86_942])
        );
        assert_eq!(packed(&[3]), Some(Vec::new()));
        assert_eq!(packed(&[3, 0x8e]), Some(Vec::new()));
    }
}
