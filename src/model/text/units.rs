//! Sizes and lengths in the form people read.

/// A size in decimal units with one digit after the point: `999 B`, `12.5 kB`, `1.8 MB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let bytes = u128::from(bytes);
    let mut unit = 1000_u128;
    let mut names = ["kB", "MB", "GB", "TB", "PB"].into_iter();
    let mut name = names.next().unwrap_or_default();
    loop {
        let tenths = (bytes * 10 + unit / 2) / unit;
        match names.next() {
            // 999,950 B is 1.0 MB: never four digits before the point.
            Some(larger) if tenths >= 10_000 => {
                unit *= 1000;
                name = larger;
            }
            _ => return format!("{}.{} {name}", tenths / 10, tenths % 10),
        }
    }
}

/// A length of a sound or film in seconds: `0:07`, `1:05`, `1:00:00`.
#[must_use]
pub fn duration_s(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 {
        format!("{minutes}:{seconds:02}")
    } else {
        format!("{hours}:{minutes:02}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_at_most_three_digits_before_the_point() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1000), "1.0 kB");
        assert_eq!(size(12_535), "12.5 kB");
        assert_eq!(size(999_949), "999.9 kB");
        assert_eq!(size(999_950), "1.0 MB");
        assert_eq!(size(1_800_000), "1.8 MB");
        assert_eq!(size(u64::MAX), "18446.7 PB");
    }

    #[test]
    fn durations_read_like_a_clock() {
        assert_eq!(duration_s(0), "0:00");
        assert_eq!(duration_s(65), "1:05");
        assert_eq!(duration_s(3600), "1:00:00");
        assert_eq!(duration_s(u64::MAX), "5124095576030431:00:15");
    }
}
