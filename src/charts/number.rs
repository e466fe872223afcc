//! Numbers as people read them: $1.2M, $340K, 12.5 %.

/// What a number is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// A number of things, or what is not known.
    #[default]
    Number,
    /// US dollars.
    Dollars,
    /// Hundredths.
    Percent,
}

/// A number in three digits or so, for a single value: $1.24M, 987, 12.5%.
#[must_use]
pub fn compact(value: f64, unit: Unit) -> String {
    let (size, suffix) = magnitude(value.abs(), 10_000.0);
    let scaled = value.abs() / size;
    let most: usize = match scaled {
        _ if suffix.is_empty() && unit == Unit::Number && value.fract() == 0.0 => 0,
        scaled if scaled >= 100.0 => 0,
        _ if suffix.is_empty() && unit == Unit::Dollars => {
            return written(value, &format!("{scaled:.2}"), "", unit);
        }
        scaled if scaled >= 10.0 => 1,
        _ => 2,
    };
    let digits = format!("{scaled:.most$}");
    let digits =
        if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
    written(value, digits, suffix, unit)
}

/// The labels of marks on a scale, with as many digits as they need to differ.
pub(super) fn of_ticks(ticks: &[f64], unit: Unit) -> Vec<String> {
    let largest = ticks.iter().fold(0.0_f64, |most, tick| most.max(tick.abs()));
    let step = match ticks {
        [first, second, ..] => (second - first).abs(),
        _ => largest,
    };
    let (size, suffix) = magnitude(largest, 10_000.0);
    let decimals = decimals(step / size);
    let label = |tick: &f64| {
        if *tick == 0.0 {
            return written(0.0, "0", "", unit);
        }
        written(*tick, &format!("{:.decimals$}", tick.abs() / size), suffix, unit)
    };
    ticks.iter().map(label).collect()
}

/// What a number is divided by, and the letter that says so; `least` is the first that is shortened.
fn magnitude(value: f64, least: f64) -> (f64, &'static str) {
    match value {
        // Beyond the names that everybody knows, the exponent says it.
        value if value >= 1e15 => (1e12, "T"),
        value if value >= 999.5e9 => (1e12, "T"),
        value if value >= 999.5e6 => (1e9, "B"),
        value if value >= 999.5e3 => (1e6, "M"),
        value if value >= least => (1e3, "K"),
        _ => (1.0, ""),
    }
}

/// How many decimals a step needs; at most 6.
fn decimals(step: f64) -> usize {
    (0..6)
        .find(|&decimals| {
            let scaled = step * 10_f64.powi(decimals);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1e-9)
        })
        .map_or(6, |decimals| decimals as usize)
}

fn written(value: f64, digits: &str, suffix: &str, unit: Unit) -> String {
    let digits = grouped(digits);
    let zero = !digits.contains(|c: char| ('1'..='9').contains(&c));
    let sign = if value < 0.0 && !zero { "−" } else { "" };
    match unit {
        Unit::Number => format!("{sign}{digits}{suffix}"),
        Unit::Dollars => format!("{sign}${digits}{suffix}"),
        Unit::Percent => format!("{sign}{digits}{suffix}%"),
    }
}

/// Commas between thousands.
fn grouped(digits: &str) -> String {
    let (whole, rest) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    rest.map_or(text.clone(), |rest| format!("{text}.{rest}"))
}

#[cfg(test)]
mod tests {
    use super::{Unit, compact, of_ticks};

    #[test]
    fn single_values_have_about_three_digits() {
        for (value, unit, text) in [
            (1_240_000.0, Unit::Dollars, "$1.24M"),
            (340_000.0, Unit::Dollars, "$340K"),
            (12_540.0, Unit::Dollars, "$12.5K"),
            (999_999.0, Unit::Dollars, "$1M"),
            (4_321.0, Unit::Dollars, "$4,321"),
            (4.3, Unit::Dollars, "$4.30"),
            (0.0, Unit::Dollars, "$0.00"),
            (-1_500_000.0, Unit::Dollars, "−$1.5M"),
            (8_712.0, Unit::Number, "8,712"),
            (0.0, Unit::Number, "0"),
            (12.5, Unit::Percent, "12.5%"),
            (0.123, Unit::Number, "0.12"),
            (2.5e12, Unit::Dollars, "$2.5T"),
        ] {
            assert_eq!(compact(value, unit), text, "{value}");
        }
    }

    #[test]
    fn marks_of_a_scale_have_the_digits_that_tell_them_apart() {
        assert_eq!(of_ticks(&[0.0, 5e5, 1e6], Unit::Dollars), ["$0", "$0.5M", "$1.0M"]);
        assert_eq!(of_ticks(&[0.0, 2000.0, 4000.0], Unit::Number), ["0", "2,000", "4,000"]);
        assert_eq!(of_ticks(&[-0.25, 0.0, 0.25], Unit::Percent), ["−0.25%", "0%", "0.25%"]);
        assert_eq!(of_ticks(&[0.0, 20_000.0, 40_000.0], Unit::Dollars), ["$0", "$20K", "$40K"]);
    }
}
