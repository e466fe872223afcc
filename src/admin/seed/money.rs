//! Money in whole cents; rounding as PostgreSQL's `round(numeric, 2)` has it for positive amounts: half up.

/// An amount in cents.
pub(super) type Cents = i64;

/// Parts per million that mean "as today".
const SAME: i64 = 1_000_000;

/// `amount` times `parts` per million, rounded to the cent, at least one cent.
pub(super) fn scaled(amount: Cents, parts: i64) -> Cents {
    ((amount * parts + SAME / 2) / SAME).max(1)
}

/// `percent` of an amount, rounded to the cent.
pub(super) fn percent_of(amount: Cents, percent: i64) -> Cents {
    (amount * percent + 50) / 100
}

/// Price level of a year in parts per million of the last year's, when prices rise by `per_mille` a year.
pub(super) fn price_level(year: i16, last_year: i16, per_mille: i64) -> i64 {
    let rise = 1_000 + per_mille;
    (year..last_year).fold(SAME, |level, _| (level * 1_000 + rise / 2) / rise)
}

/// Reads `12.34` as 1,234 cents; `None` for anything else than digits, a point and two digits.
pub(super) fn parse(text: &str) -> Option<Cents> {
    let (whole, cents) = text.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(cents) || cents.len() != 2 {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * 100 + cents.parse::<i64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::{parse, percent_of, price_level, scaled};

    #[test]
    fn halves_go_up() {
        assert_eq!(percent_of(1_050, 5), 53, "52.5 cents");
        assert_eq!(percent_of(1_049, 5), 52, "52.45 cents");
        assert_eq!(scaled(1_000, 999_500), 1_000, "999.5 cents");
    }

    #[test]
    fn prices_fall_into_the_past_by_three_percent_a_year() {
        assert_eq!(price_level(2026, 2026, 30), 1_000_000);
        assert_eq!(price_level(2025, 2026, 30), 970_874);
        assert_eq!(price_level(2024, 2026, 30), 942_596);
    }

    #[test]
    fn only_two_decimals_are_money() {
        assert_eq!(parse("12.34"), Some(1_234));
        assert_eq!([parse("12"), parse("12.3"), parse("-1.00"), parse("1.+5")], [None; 4]);
    }
}
