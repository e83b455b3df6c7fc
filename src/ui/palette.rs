//! Colours as numbers: what the xterm palette means, and what can be read on what.

use ratatui::style::Color;

/// Red, green, blue.
pub(crate) type Rgb = [u8; 3];

pub(super) const BLACK: Rgb = [0; 3];
pub(super) const WHITE: Rgb = [255; 3];

/// The first sixteen as xterm has them; users change these, not the rest.
pub(super) const SIXTEEN: [Rgb; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

/// What a colour looks like; `None` for the terminal's own.
pub(super) fn rgb(color: Color) -> Option<Rgb> {
    let n = match color {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => return Some([r, g, b]),
        Color::Indexed(n) => n,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    Some(indexed(n))
}

/// The xterm palette's colour of a number.
pub(crate) fn indexed(n: u8) -> Rgb {
    if let Some(color) = SIXTEEN.get(usize::from(n)) {
        return *color;
    }
    // The greys start at 8, by tens; the cube's steps are 0, 95, 135, 175, 215, 255.
    if let Some(grey) = n.checked_sub(232) {
        return [grey.saturating_mul(10).saturating_add(8); 3];
    }
    let n = n.saturating_sub(16);
    [n / 36, n / 6 % 6, n % 6].map(|step| match step {
        0 => 0,
        _ => step.saturating_mul(40).saturating_add(55),
    })
}

/// The number among these that is most like a colour.
pub(crate) fn nearest(color: Rgb, among: std::ops::RangeInclusive<u8>) -> u8 {
    let distance = |n: u8| -> u32 {
        let pairs = indexed(n).into_iter().zip(color);
        pairs
            .map(|(a, b)| u32::from(a.abs_diff(b)).saturating_pow(2))
            .sum()
    };
    among.min_by_key(|n| distance(*n)).unwrap_or(7)
}

/// How far apart two colours are in brightness, 1 to 21, as WCAG 2 counts it.
pub(super) fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(color: Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    let [r, g, b] = color.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_palette_is_xterms() {
        assert_eq!(rgb(Color::Indexed(16)), Some([0, 0, 0]));
        assert_eq!(rgb(Color::Indexed(67)), Some([95, 135, 175]));
        assert_eq!(rgb(Color::Indexed(231)), Some(WHITE));
        assert_eq!(rgb(Color::Indexed(232)), Some([8; 3]));
        assert_eq!(rgb(Color::Indexed(255)), Some([238; 3]));
        assert_eq!(rgb(Color::Reset), None);
        assert_eq!(nearest([250, 5, 5], 0..=15), 9);
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast(BLACK, WHITE) - 21.0).abs() < 0.001);
        assert!((contrast([0x76; 3], WHITE) - 4.54).abs() < 0.01);
    }
}
