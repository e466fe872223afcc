//! Rows of customers: names, addresses, telephone numbers. All invented; 555 numbers lead nowhere.

use anyhow::ensure;

use super::customers::{Customer, Customers};
use super::dice::Dice;
use super::rows::Rows;
use super::shop::Shop;
use super::{parameters, stores};

/// Area codes of Washington, the busier ones more often.
const AREAS: [u64; 8] = [206, 206, 206, 425, 425, 253, 360, 509];
/// The area code around Spokane.
const EASTERN_AREA: u64 = 509;

/// First and last names to draw from.
#[derive(Debug)]
pub(super) struct Names {
    first: Vec<String>,
    last: Vec<String>,
}

impl Names {
    /// Reads the lists.
    pub(super) fn read() -> anyhow::Result<Self> {
        let rows: Vec<(String, String)> = parameters::read("names", parameters::NAMES)?;
        let (first, last): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(kind, _)| kind == "first");
        let names = |rows: Vec<(String, String)>| rows.into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        ensure!(!first.is_empty() && !last.is_empty(), "sql/seed/names.csv needs first and last names");
        Ok(Self { first: names(first), last: names(last) })
    }

    fn draw<'a>(list: &'a [String], dice: &mut Dice) -> &'a str {
        dice.one_of(list).map_or("", String::as_str)
    }
}

/// Writes one customer of a store.
pub(super) fn write(shop: &Shop, names: &Names, store: (usize, u32), facts: &mut Dice, rows: &mut Rows) {
    let (position, number) = store;
    let Some(seller) = shop.stores.get(position) else { return };
    let Some(customer) = shop.customers.customer(position, number, facts) else { return };
    let (first, last) = (Names::draw(&names.first, facts), Names::draw(&names.last, facts));
    rows.row(7)
        .uuid(customer.id)
        .uuid(seller.known.id)
        .text(first)
        .text(last)
        .text(&email(first, last, &customer))
        .text(&phone(&seller.known, facts))
        .moment(shop.passed(customer.registered));
}

fn email(first: &str, last: &str, customer: &Customer) -> String {
    format!("{first}.{last}.{}@example.com", customer.number).to_ascii_lowercase()
}

fn phone(store: &stores::KnownStore, dice: &mut Dice) -> String {
    let drawn = dice.one_of(&AREAS).copied().unwrap_or(EASTERN_AREA);
    let area = if store.region == "Eastern Washington" { EASTERN_AREA } else { drawn };
    format!("({area}) 555-01{:02}", dice.below(100))
}

/// All customers of all stores as (store, number within it), in the order of their rows.
pub(super) fn all(shop: &Shop) -> impl Iterator<Item = (usize, u32)> {
    let of = |store: usize| (0..shop.customers.of(store)).map(move |number| (store, number));
    (0..shop.stores.len()).flat_map(of)
}

/// The stream that [`write()`] draws from.
pub(super) fn facts(shop: &Shop) -> Dice {
    Customers::stream(&shop.plan)
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_many_and_fit_into_an_address() {
        let names = Names::read().expect("readable");
        assert!(names.first.len() >= 200 && names.last.len() >= 300);
        let all = names.first.iter().chain(&names.last);
        assert!(all.clone().all(|name| name.bytes().all(|byte| byte.is_ascii_alphabetic())));
    }
}
