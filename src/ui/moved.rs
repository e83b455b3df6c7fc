//! From one picture to the next most rows stay, or move.

/// How far a row is looked for from where it is to stand: as far as a message goes that
/// comes or leaves by a key. Of what moved by a page not much is left.
const NEAR: isize = 8;

/// Finds the rows of a picture in the one before.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    /// How far the last row that was found had moved: the next has most likely moved
    /// along.
    by: isize,
}

impl Moved {
    /// The row of the picture before that is like row `y` of this one.
    pub(crate) fn find(&mut self, y: usize, is_like: impl Fn(usize) -> bool) -> Option<usize> {
        let near = (1..=NEAR).flat_map(|by| [by, by.saturating_neg()]);
        let mut ways = [self.by, 0].into_iter().chain(near);
        ways.find_map(|by| {
            let from = y.checked_add_signed(by).filter(|from| is_like(*from))?;
            self.by = by;
            Some(from)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_found_and_first_of_all_the_one_that_moved_along() {
        let mut moved = Moved::default();
        let is = |rows: &'static [usize]| move |from| rows.contains(&from);
        assert_eq!(moved.find(5, is(&[2, 6])), Some(6));
        assert_eq!(moved.find(6, is(&[6, 7])), Some(7));
        assert_eq!(moved.find(7, is(&[7])), Some(7));
        assert_eq!(moved.find(8, is(&[8, 9])), Some(8));
        assert_eq!(moved.find(20, is(&[1, 11, 29])), None);
        assert_eq!(moved.find(0, is(&[8])), Some(8));
    }
}
