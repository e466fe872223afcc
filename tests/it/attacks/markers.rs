//! Unmistakable values in every store's rows, and the search for those of other stores in an answer.
//!
//! Each store has its own markers, so that a regional manager may see those of her stores and no others.

use std::collections::HashSet;

use crate::support::shop::Database;

/// Changes every store but Seattle's: each text gets the store's word, each amount and date its number.
const PLANT: &str = "
    CREATE TEMP TABLE numbered AS
      SELECT store_id, row_number() OVER (ORDER BY created_at, name) AS k FROM retail.stores
      WHERE name <> 'Zava Retail Seattle';
    UPDATE retail.stores AS t SET name = 'Mrkr' || k || 'Zqxy name', location = 'Mrkr' || k || 'Zqxy location',
        region = 'Mrkr' || k || 'Zqxy region', created_at = ('1816-03-0' || k)::timestamp
      FROM numbered AS n WHERE n.store_id = t.store_id;
    UPDATE retail.customers AS t SET first_name = 'Mrkr' || k || 'Zqxy', last_name = 'Mrkr' || k || 'Zqxy',
        email = 'Mrkr' || k || 'Zqxy@' || customer_id, phone = 'Mrkr' || k || 'Zqxy', created_at = ('1816-03-0' || k)::timestamp
      FROM numbered AS n WHERE n.store_id = t.store_id;
    UPDATE retail.orders AS t SET total_amount = 7700077.07 + k * 10000, order_date = ('1817-03-0' || k)::timestamp
      FROM numbered AS n WHERE n.store_id = t.store_id;
    UPDATE retail.order_items AS t SET quantity = 9700131 + k * 10000, unit_price = 80.57 + k, discount_percent = 0,
        discount_amount = 0, total_amount = (9700131 + k * 10000) * (80.57 + k)
      FROM numbered AS n WHERE n.store_id = t.store_id;
    UPDATE retail.inventory AS t SET stock_level = 9300717 + k * 10000, reorder_level = 9400818 + k * 10000,
        updated_at = ('1815-03-0' || k)::timestamp
      FROM numbered AS n WHERE n.store_id = t.store_id;";

/// The markers of the stores that a condition excludes, one for each line.
const MARKERS: &str = "
    SELECT string_agg(DISTINCT marker, E'\\n') FROM (
      SELECT left(name, 9) FROM retail.stores WHERE NOT (own) AND name LIKE 'Mrkr%'
      UNION SELECT left(created_at::text, 10) FROM retail.stores WHERE NOT (own)
      UNION SELECT total_amount::text FROM retail.orders WHERE NOT (own)
      UNION SELECT left(order_date::text, 10) FROM retail.orders WHERE NOT (own)
      UNION SELECT total_amount::text FROM retail.order_items WHERE NOT (own)
      UNION SELECT quantity::text FROM retail.order_items WHERE NOT (own)
      UNION SELECT stock_level::text FROM retail.inventory WHERE NOT (own)
      UNION SELECT reorder_level::text FROM retail.inventory WHERE NOT (own)
      UNION SELECT left(updated_at::text, 10) FROM retail.inventory WHERE NOT (own)) AS x(marker)";

/// The ids of the stores that a condition excludes, without hyphens.
const IDS: &str = "
    SELECT string_agg(replace(id::text, '-', ''), E'\\n') FROM (
      SELECT store_id FROM retail.stores WHERE NOT (own)
      UNION SELECT manager_id FROM retail.stores WHERE NOT (own)
      UNION SELECT customer_id FROM retail.customers WHERE NOT (own)
      UNION SELECT order_id FROM retail.orders WHERE NOT (own)
      UNION SELECT order_item_id FROM retail.order_items WHERE NOT (own)) AS x(id)";

/// What one person must never read.
#[derive(Default)]
pub(super) struct Secrets {
    /// Searched anywhere.
    words: Vec<String>,
    ids: HashSet<u128>,
    /// Searched as whole words.
    addresses: HashSet<String>,
}

/// Puts the markers into a copy of the shop.
pub(super) fn plant(database: &Database) {
    database.script(PLANT);
}

impl Secrets {
    /// Of the marked shop, for whom `own` is a condition on `store_id`.
    pub(super) fn of_shop(database: &Database, own: &str) -> Self {
        let list = |sql: &str| database.value(&sql.replace("(own)", &format!("({own})")));
        let markers = list(MARKERS);
        assert!(markers.lines().count() >= 14, "markers are planted: {markers}");
        let ids = list(IDS).lines().map(|id| u128::from_str_radix(id, 16).expect("a UUID")).collect();
        Self { words: markers.lines().flat_map(disguised).collect(), ids, ..Self::default() }
    }

    /// The e-mail addresses that a query gives.
    pub(super) fn addresses(database: &Database, sql: &str) -> Self {
        let addresses: HashSet<_> = database.value(sql).lines().map(str::to_owned).collect();
        assert!(addresses.len() > 1_000);
        Self { addresses, ..Self::default() }
    }

    /// More words, the only column of a query.
    pub(super) fn add(&mut self, database: &Database, sql: &str) {
        let words = database.value(&format!("SELECT string_agg(word, E'\\n') FROM ({sql}) AS w (word)"));
        self.words.extend(words.lines().flat_map(disguised));
    }

    /// What an answer shows that the question did not already say.
    pub(super) fn shown(&self, answer: &str, question: &str) -> Vec<String> {
        let mut found: Vec<String> = self
            .words
            .iter()
            .filter(|word| answer.contains(*word) && !question.contains(*word))
            .cloned()
            .collect();
        let asked = ids(question);
        let backwards: String = answer.chars().rev().collect();
        for id in ids(answer).union(&ids(&backwards)) {
            if self.ids.contains(id) && !asked.contains(id) {
                found.push(format!("{id:032x}"));
            }
        }
        let words = answer.split(|c: char| !(c.is_ascii_alphanumeric() || "@._+-".contains(c)));
        found.extend(words.filter(|word| self.addresses.contains(*word)).map(str::to_owned));
        found.truncate(5);
        found
    }
}

/// Every run of 32 hexadecimal digits in a text without its hyphens, as a number.
fn ids(text: &str) -> HashSet<u128> {
    let (mut found, mut window, mut length) = (HashSet::new(), 0_u128, 0);
    for c in text.chars().filter(|c| *c != '-') {
        if let Some(digit) = c.to_digit(16) {
            window = window << 4 | u128::from(digit);
            length += 1;
            if length >= 32 {
                found.insert(window);
            }
        } else {
            length = 0;
        }
    }
    found
}

/// A marker as it is, backwards, in hexadecimal and in base64 at each of the three alignments.
fn disguised(marker: &str) -> Vec<String> {
    let hex = marker.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let mut forms = vec![marker.to_owned(), marker.chars().rev().collect(), hex];
    for skipped in 0..3 {
        let whole = &marker.as_bytes()[skipped..skipped + (marker.len() - skipped) / 3 * 3];
        // at the other alignments what comes before is unknown: fewer than four digits would be found by chance
        if whole.len() >= 6 {
            forms.push(base64(whole));
        }
    }
    forms
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks_exact(3) {
        let number = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        text.extend((0..4).map(|digit| DIGITS[(number >> (18 - 6 * digit) & 63) as usize] as char));
    }
    text
}

#[test]
fn a_secret_is_found_in_each_disguise_unless_the_question_said_it() {
    let id = 0xf47a_c10b_58cc_4372_a567_0e02_b2c3_d479;
    let secrets = Secrets { words: disguised("Mrkr3Zq77"), ids: HashSet::from([id]), ..Secrets::default() };
    let shows = |answer: &str| !secrets.shown(answer, "SELECT").is_empty();
    for answer in ["x Mrkr3Zq77 y", "77qZ3rkrM", "4d726b72335a713737", "TXJrcjNacTc3", "YU1ya3IzWnE3Nw=="] {
        assert!(shows(answer), "{answer}");
    }
    for answer in [
        "(f47ac10b-58cc-4372-a567-0e02b2c3d479)",
        "\\xf47ac10b58cc4372a5670e02b2c3d479",
        "974d3c2b20e0-765a-2734-cc85-b01ca74f",
    ] {
        assert!(shows(answer), "{answer}");
    }
    assert!(!shows("Mrkr4Zq77 f47ac10b-58cc-4372-a567-0e02b2c3d478"));
    let asked = "SELECT 'f47ac10b-58cc-4372-a567-0e02b2c3d479'";
    assert!(secrets.shown("f47ac10b-58cc-4372-a567-0e02b2c3d479", asked).is_empty());
}
