//! What the names of columns tell: the unit of a measure, and words for a title.

use crate::charts::Unit;

const THINGS: [&str; 22] = [
    "orders",
    "units",
    "quantity",
    "qty",
    "count",
    "customers",
    "items",
    "stock",
    "number",
    "products",
    "lines",
    "days",
    "returns",
    "pieces",
    "stores",
    "rank",
    "hour",
    "hours",
    "level",
    "id",
    "n",
    "weeks",
];
const MONEY: [&str; 17] = [
    "revenue",
    "sales",
    "amount",
    "price",
    "cost",
    "value",
    "margin",
    "profit",
    "spend",
    "spent",
    "dollars",
    "usd",
    "discount",
    "discounts",
    "money",
    "income",
    "aov",
];
const HUNDREDTHS: [&str; 3] = ["percent", "pct", "percentage"];

/// What a column of numbers is of, as far as its name tells. All money of the shop is US dollars.
pub(super) fn unit(column: &str) -> Unit {
    let words = words(column);
    let is_in = |list: &[&str], word: &String| list.contains(&word.as_str());
    // What a name ends with is what it is: sales_count is a number, order_value is money.
    let counts = words.first().is_some_and(|word| is_in(&["number", "count", "n"], word));
    let things = words.last().is_some_and(|word| is_in(&THINGS, word));
    if words.iter().any(|word| is_in(&HUNDREDTHS, word)) {
        Unit::Percent
    } else if !counts && !things && words.iter().any(|word| is_in(&MONEY, word)) && words != ["value"] {
        Unit::Dollars
    } else {
        Unit::Number
    }
}

/// A column's name as words: `total_amount` is Total amount.
pub(super) fn title(column: &str) -> String {
    let text = column.replace('_', " ");
    let mut letters = text.trim().chars();
    letters.next().map_or_else(|| "Value".to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

/// The same within a sentence.
pub(super) fn plain(column: &str) -> String {
    column.replace('_', " ").trim().to_owned()
}

/// A measure with its unit.
pub(super) fn measure(column: &str) -> String {
    let name = title(column);
    match unit(column) {
        Unit::Dollars => format!("{name}, US dollars"),
        Unit::Percent => {
            let rest = name.split(' ').filter(|word| !HUNDREDTHS.contains(&word.to_lowercase().as_str()));
            [rest.collect::<Vec<_>>().join(" "), "percent".to_owned()].join(", ")
        }
        Unit::Number => name,
    }
}

/// So many things.
pub(super) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// The place of a weekday or a month among its kind, by its English name or the first three letters of it.
pub(super) fn place_in_calendar(name: &str) -> Option<usize> {
    const NAMES: [&str; 19] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.trim().to_lowercase();
    let fits = |whole: &str| whole == name || (name.len() == 3 && whole.starts_with(&name));
    NAMES.into_iter().position(fits)
}

fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{measure, place_in_calendar, unit};
    use crate::charts::Unit;

    #[test]
    fn names_tell_units() {
        for name in ["revenue", "total_amount", "Average order value", "unit_price", "stock_value"] {
            assert_eq!(unit(name), Unit::Dollars, "{name}");
        }
        for name in ["orders", "number_of_sales", "sales_count", "units", "?column?", "hour", "value"] {
            assert_eq!(unit(name), Unit::Number, "{name}");
        }
        assert_eq!(unit("margin_percent"), Unit::Percent);
        assert_eq!(measure("total_amount"), "Total amount, US dollars");
        assert_eq!(measure("change_percent"), "Change, percent");
    }

    #[test]
    fn weekdays_and_months_have_their_order() {
        assert!(place_in_calendar("Mon") < place_in_calendar("sunday"));
        assert!(place_in_calendar("May") < place_in_calendar("December "));
        assert_eq!(place_in_calendar("Paint"), None);
    }
}
