//! The protobuf wire format, field by field, without a schema.

use super::arena::Extent;
use super::damage::Why;

/// A number of 64 bits takes at most ten bytes of seven.
const LONGEST_VARINT: usize = 10;

/// Field numbers have 29 bits.
const FIELD_END: u64 = 1 << 29;

/// How the bytes of a field are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Varint,
    Fixed64,
    Delimited,
    Fixed32,
}

/// One step through a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    Field {
        number: u32,
        shape: Shape,
        /// From the tag to the last byte.
        whole: Extent,
        content: Extent,
    },
    /// A group begins; the extent is its tag's.
    Open { number: u32, tag: Extent },
    /// The innermost group ends; the extent is that of the tag that says so.
    Close { tag: Extent },
}

/// Where and why a message stops being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) at: usize,
    pub(super) why: Why,
}

/// Walks the fields in `bytes[at..end]`; ends after the first flaw.
#[derive(Debug)]
pub(super) struct Fields<'b> {
    bytes: &'b [u8],
    at: usize,
    open: Vec<u32>,
    over: bool,
}

impl<'b> Fields<'b> {
    pub(super) fn new(bytes: &'b [u8], range: std::ops::Range<usize>) -> Self {
        Self {
            bytes: bytes.get(..range.end).unwrap_or(bytes),
            at: range.start,
            open: Vec::new(),
            over: false,
        }
    }

    fn field(&mut self) -> Result<Event, Why> {
        let start = self.at;
        let tag = self.varint()?;
        let number = tag >> 3;
        let tagged = Extent::new(start, self.at);
        // The kind stands in the last three bits.
        let shape = match tag & 7 {
            _ if !(1..FIELD_END).contains(&number) => return Err(Why::FieldNumber(number)),
            0 => Shape::Varint,
            1 => Shape::Fixed64,
            2 => Shape::Delimited,
            3 => {
                let number = small(number);
                self.open.push(number);
                return Ok(Event::Open {
                    number,
                    tag: tagged,
                });
            }
            4 if self.open.last() == Some(&small(number)) => {
                self.open.pop();
                return Ok(Event::Close { tag: tagged });
            }
            4 => return Err(Why::StrayEnd(small(number))),
            5 => Shape::Fixed32,
            kind => return Err(Why::WireType(u8::try_from(kind).unwrap_or_default())),
        };
        let mut from = self.at;
        let length = match shape {
            Shape::Varint => {
                self.varint()?;
                None
            }
            Shape::Fixed64 => Some(8),
            Shape::Fixed32 => Some(4),
            Shape::Delimited => {
                let length = self.varint()?;
                from = self.at;
                Some(length)
            }
        };
        if let Some(wanted) = length {
            let left = self.bytes.len() - self.at;
            let fits = usize::try_from(wanted)
                .ok()
                .filter(|wanted| *wanted <= left);
            let Some(fits) = fits else {
                let left = u32::try_from(left).unwrap_or(u32::MAX);
                return Err(Why::Length { wanted, left });
            };
            self.at += fits;
        }
        Ok(Event::Field {
            number: small(number),
            shape,
            whole: Extent::new(start, self.at),
            content: Extent::new(from, self.at),
        })
    }

    fn varint(&mut self) -> Result<u64, Why> {
        let (value, length) = varint(self.bytes.get(self.at..).unwrap_or_default())?;
        self.at += length;
        Ok(value)
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The number at the start of `bytes`, and how many bytes it takes.
pub(super) fn varint(bytes: &[u8]) -> Result<(u64, usize), Why> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().enumerate().take(LONGEST_VARINT) {
        let bits = u64::from(byte & 0x7f);
        // Only one bit of the tenth byte has room.
        if at + 1 == LONGEST_VARINT && bits > 1 {
            return Err(Why::LongVarint);
        }
        value |= bits << (7 * at);
        if *byte < 0x80 {
            return Ok((value, at + 1));
        }
    }
    Err(if bytes.len() < LONGEST_VARINT {
        Why::CutVarint
    } else {
        Why::LongVarint
    })
}

impl Iterator for Fields<'_> {
    type Item = Result<Event, Flaw>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let at = self.at;
        let read = if at < self.bytes.len() {
            self.field()
        } else {
            self.over = true;
            Err(Why::OpenGroup(*self.open.last()?))
        };
        self.over |= read.is_err();
        Some(read.map_err(|why| Flaw { at, why }))
    }
}
