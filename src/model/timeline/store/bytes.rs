//! Numbers in as few bytes as they need, seven bits to each.

/// Set in every byte of a number but its last.
const MORE: u8 = 0x80;

/// The bits of a byte that belong to the number.
const BITS: u32 = 7;

pub(super) fn put(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & u64::from(MORE - 1)).unwrap_or_default();
        number >>= BITS;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | MORE);
    }
}

/// Small numbers of either sign are short.
pub(super) fn put_signed(out: &mut Vec<u8>, number: i64) {
    let sign = u64::from(number < 0);
    let size = if number < 0 { !number } else { number };
    put(out, size.cast_unsigned() << 1 | sign);
}

/// Reads what was put, in the same order. `None` where nothing is left.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & !MORE).checked_shl(shift)?;
            if byte & MORE == 0 {
                return Some(number);
            }
            shift += BITS;
        }
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        let size = (number >> 1).cast_signed();
        Some(if number & 1 == 1 { !size } else { size })
    }

    /// A number that was put as so many bytes, lowest first.
    pub(super) fn fixed(&mut self) -> Option<u32> {
        let (&bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(bytes))
    }

    pub(super) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(plain in any::<u64>(), signed in any::<i64>(), fixed in any::<u32>()) {
            for shift in 0..u64::BITS {
                let mut out = Vec::new();
                put(&mut out, plain >> shift);
                put_signed(&mut out, signed >> shift);
                out.extend(fixed.to_le_bytes());
                let mut reader = Reader(&out);
                prop_assert_eq!(reader.number(), Some(plain >> shift));
                prop_assert_eq!(reader.signed(), Some(signed >> shift));
                prop_assert_eq!(reader.fixed(), Some(fixed));
                prop_assert_eq!(reader.byte(), None);
            }
        }
    }
}
