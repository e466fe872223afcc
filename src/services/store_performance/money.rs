//! Amounts and shares as sentences and tables write them.

/// An amount in US cents as a JSON number of dollars: exact to the cent for anything a shop can earn.
#[expect(
    clippy::cast_precision_loss,
    reason = "exact below 90 trillion dollars, and printed with the fewest digits"
)]
pub(super) fn dollars(cents: i64) -> f64 {
    cents as f64 / 100.0
}

/// `$1,234.56`; a minus before the sign.
pub(super) fn in_words(cents: i64) -> String {
    let minus = if cents < 0 { "-" } else { "" };
    let (whole, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    format!("{minus}${}.{rest:02}", grouped(whole))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `part` of `whole` in percent, to one decimal; `None` of nothing.
#[expect(clippy::cast_precision_loss, reason = "a share to one decimal")]
pub(super) fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole != 0).then(|| tenths(100.0 * part as f64 / whole as f64))
}

/// To one decimal.
pub(super) fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0 + 0.0
}

/// `total` over `count`, rounded half up to the cent.
pub(super) fn mean(total: i64, count: i64) -> Option<i64> {
    (count > 0).then(|| (2 * total + count).div_euclid(2 * count))
}

#[cfg(test)]
mod tests {
    use super::{dollars, in_words, mean, percent, tenths};

    #[test]
    fn amounts_are_exact_and_grouped() {
        assert_eq!(
            [0, 5, 123_456, -123_456_789].map(in_words),
            ["$0.00", "$0.05", "$1,234.56", "-$1,234,567.89"]
        );
        assert_eq!([9_425_261, 10, -1].map(|cents| dollars(cents).to_string()), ["94252.61", "0.1", "-0.01"]);
    }

    #[test]
    fn shares_have_one_decimal_and_nothing_has_none() {
        assert_eq!((percent(1, 3), percent(-1, 8), percent(1, 0)), (Some(33.3), Some(-12.5), None));
        assert!(tenths(-0.04).is_sign_positive());
    }

    #[test]
    fn means_round_half_up() {
        assert_eq!([mean(10, 3), mean(5, 2), mean(-5, 2), mean(7, 0)], [Some(3), Some(3), Some(-2), None]);
    }
}
