//! Names of servers in a client: short camelCase, because clients put them before every tool's name.

use uuid::Uuid;

/// Clients join server and tool to one name of at most 60 (Cursor) or 64 characters (`mcp__server__tool`); our longest
/// tool has 26.
const LONGEST: usize = 30;

/// The name for a database login, e.g. `zavaSeattle` for `zava_seattle`; `None` when the login does not yield one.
pub(super) fn of_login(login: &str) -> Option<String> {
    let words = login.split(|letter: char| !letter.is_ascii_alphanumeric());
    let joined: String = words.map(capitalised).collect();
    let rest = joined.strip_prefix("Zava").unwrap_or(&joined);
    let name = format!("zava{rest}");
    (!rest.is_empty() && name.len() <= LONGEST).then_some(name)
}

/// Names for an id without a login, best first.
pub(super) fn of_id(id: Uuid) -> [String; 3] {
    let digits = id.simple().to_string();
    let part = |range| format!("zava{}", digits.get(range).unwrap_or_default());
    // Ids that somebody counted up differ at the end only.
    [part(0..8), part(20..32), part(0..32)]
}

/// Reads `--name`, for clap.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let starts_lowercase = text.starts_with(|letter: char| letter.is_ascii_lowercase());
    let plain = text.chars().all(|letter| letter.is_ascii_alphanumeric());
    if starts_lowercase && plain && text.len() <= LONGEST {
        return Ok(text.to_owned());
    }
    Err(format!(
        "VALIDATION_ERROR (server_name_malformed): a server's name is camelCase, letters and digits only, {LONGEST} \
         at most; take one such as zavaSeattle"
    ))
}

/// The environment variable that holds the database URL of a server, e.g. `ZAVA_SEATTLE_DATABASE_URL`.
pub(super) fn variable(server: &str) -> String {
    let mut words = String::new();
    let mut before_lowercase = false;
    for letter in server.chars() {
        if before_lowercase && letter.is_ascii_uppercase() {
            words.push('_');
        }
        before_lowercase = !letter.is_ascii_uppercase();
        words.push(letter.to_ascii_uppercase());
    }
    format!("{words}_DATABASE_URL")
}

/// The id of the question with which VS Code asks for the database URL of a server.
pub(super) fn input(server: &str) -> String {
    format!("{server}Url")
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{of_id, of_login, parse, variable};

    #[test]
    fn a_login_becomes_camel_case_that_starts_with_zava_once() {
        let name = |login| of_login(login).unwrap_or_default();
        assert_eq!(name("zava_seattle"), "zavaSeattle");
        assert_eq!(name("zava_head_office"), "zavaHeadOffice");
        assert_eq!(name("maria.k-2"), "zavaMariaK2");
        assert_eq!(name("zavaSeattle"), "zavaSeattle");
        for unusable in ["zava", "", "ü", "zava_a_login_that_is_much_too_long_for_a_prefix"] {
            assert_eq!(of_login(unusable), None, "{unusable}");
        }
    }

    #[test]
    fn an_id_becomes_its_first_eight_digits() {
        let id = uuid::Uuid::from_u128(0xaabb_ccdd_0000_0000_0000_0000_0000_0001);
        assert_eq!(of_id(id)[..2], ["zavaaabbccdd", "zava000000000001"]);
    }

    #[test]
    fn a_name_of_ones_own_is_camel_case() {
        assert_eq!(parse("zavaShop2").as_deref(), Ok("zavaShop2"));
        for wrong in ["", "Zava", "zava-shop", "zava_shop", "2zava", "zävä", &"z".repeat(31)] {
            assert!(parse(wrong).is_err_and(|text| text.contains("(server_name_malformed)")), "{wrong}");
        }
    }

    #[test]
    fn a_variable_is_the_name_in_capitals() {
        assert_eq!(variable("zavaSeattle"), "ZAVA_SEATTLE_DATABASE_URL");
        assert_eq!(variable("zavaShop2HQ"), "ZAVA_SHOP2_HQ_DATABASE_URL");
        assert_eq!(variable("zavaf47ac10b"), "ZAVAF47AC10B_DATABASE_URL");
    }
}
