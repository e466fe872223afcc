//! The options of a connection that this program reads itself, because the driver knows them not at all or not wholly.

use std::error::Error as _;

use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::{DatabaseError, WireError};
use crate::settings::WireArgs;

/// libpq's keywords. Those that the driver knows are here as well, so that variables and flags can give them.
const OURS: [&str; 7] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslnegotiation",
    "channel_binding",
    "target_session_attrs",
];

/// Options as keyword and value; the first one of a keyword holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Options(Vec<(String, String)>);

impl Options {
    /// The value of an option that was given.
    pub(super) fn get(&self, keyword: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == keyword).map(|(_, value)| value.as_str())
    }

    /// Adds what a service says where it is one of these options. It holds where nothing before it did.
    pub(super) fn add<'a>(&mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let ours = pairs.into_iter().filter(|(keyword, value)| OURS.contains(keyword) && !value.is_empty());
        self.0.extend(ours.map(|(keyword, value)| (keyword.to_owned(), value.to_owned())));
    }

    /// Has the server checked against the authorities of this machine, as far as nothing else was said.
    pub(super) fn check_server(&mut self) {
        if self.get("sslmode").is_none() {
            let known = [("sslmode", "verify-full"), ("sslrootcert", "system")];
            self.add(known);
        }
    }

    /// Adds flags and variables.
    pub(super) fn complete(mut self, wire: &WireArgs) -> Self {
        self.add(wire.options());
        self
    }
}

/// Takes our options out of a connection string. What is not well-formed stays in it, for the driver to refuse.
pub(super) fn take(text: &str) -> (String, Options) {
    let (rest, mut taken) = if is_url(text) { of_url(text) } else { of_pairs(text) };
    // In a connection string the last one holds.
    taken.reverse();
    (rest, Options(taken))
}

/// What the driver says of a connection string, without the name of an option that it does not know: that may be a part of
/// a password with blanks in it.
pub(super) fn malformed(variable: &'static str, error: &tokio_postgres::Error) -> DatabaseError {
    let why = error.source().map(ToString::to_string).unwrap_or_default();
    let why = if why.starts_with("unknown option") {
        "it has an option that is not known here, or a value with blanks that is not in single quotes"
            .to_owned()
    } else {
        why
    };
    DatabaseError::Malformed { variable, why }
}

/// Refuses a connection string in which a part of the password was read as a name that is shown: `user:p@ss@host`, or
/// `dbname= password=...`.
pub(super) fn check_password(text: &str, config: &Config, ours: &Options) -> Result<(), WireError> {
    let (ahead, _) = text.split_once('?').unwrap_or((text, ""));
    if is_url(text) && ahead.matches('@').count() > 1 {
        return Err(WireError::setting(
            "the URL of the database has more than one @",
            "write @ in a password as %40",
        ));
    }
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => path.display().to_string(),
    });
    let names = [config.get_user(), config.get_dbname()].into_iter().flatten().map(str::to_owned);
    let values = ours.0.iter().map(|(_, value)| value.clone());
    if hosts.chain(names).chain(values).any(|value| value.to_lowercase().contains("password=")) {
        return Err(WireError::setting(
            "a value before the password is empty, and the password was taken for it",
            "leave out what is empty, or write it as ''",
        ));
    }
    Ok(())
}

fn is_url(text: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme))
}

fn of_url(url: &str) -> (String, Vec<(String, String)>) {
    // A password may hold a question mark.
    let host = url.find('@').map_or(0, |at| at + 1);
    let Some(mark) = url.get(host..).and_then(|text| text.find('?')) else {
        return (url.to_owned(), Vec::new());
    };
    let (before, query) = url.split_at(host + mark);
    let (mut left, mut taken) = (Vec::new(), Vec::new());
    for pair in query.trim_start_matches('?').split('&') {
        let decoded =
            |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
        let read = pair.split_once('=').and_then(|(key, value)| Some((decoded(key)?, decoded(value)?)));
        match read.filter(|(key, _)| OURS.contains(&key.as_str())) {
            Some(pair) => taken.push(pair),
            None => left.push(pair),
        }
    }
    let rest = if left.is_empty() { before.to_owned() } else { format!("{before}?{}", left.join("&")) };
    (rest, taken)
}

fn of_pairs(text: &str) -> (String, Vec<(String, String)>) {
    let (mut rest, mut taken) = (String::new(), Vec::new());
    let mut ahead = text.trim_start();
    while let Some((keyword, value, length)) = pair(ahead) {
        let (raw, behind) = ahead.split_at(length);
        if OURS.contains(&keyword.as_str()) {
            taken.push((keyword, value));
        } else {
            rest.push_str(raw);
            rest.push(' ');
        }
        ahead = behind.trim_start();
    }
    rest.push_str(ahead);
    (rest.trim_end().to_owned(), taken)
}

/// Keyword and value at the start of a text, and the bytes they take.
fn pair(text: &str) -> Option<(String, String, usize)> {
    let (keyword, behind) = text.split_once('=')?;
    let keyword = keyword.trim_end();
    if keyword.is_empty() || keyword.contains(char::is_whitespace) {
        return None;
    }
    let behind = behind.trim_start();
    let (value, length) = value(behind)?;
    Some((keyword.to_owned(), value, text.len() - behind.len() + length))
}

/// A value, in quotes or not, and the bytes it takes; a backslash keeps the next character.
fn value(text: &str) -> Option<(String, usize)> {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut characters = text.char_indices().skip(usize::from(quoted));
    while let Some((at, character)) = characters.next() {
        match character {
            '\'' if quoted => return Some((value, at + 1)),
            '\\' => value.push(characters.next()?.1),
            other if !quoted && other.is_whitespace() => return Some((value, at)),
            other => value.push(other),
        }
    }
    (!quoted).then_some((value, text.len()))
}

#[cfg(test)]
mod tests {
    use super::take;
    use crate::settings::WireArgs;

    #[test]
    fn our_options_are_taken_out_of_a_url_and_the_rest_stays_as_it_was() {
        let url = "postgres://u:p?a@h1,h2:5/zava?sslmode=verify-full&connect_timeout=3&sslrootcert=%2Fa%20b%2Fca.pem";
        let (rest, options) = take(url);
        assert_eq!(rest, "postgres://u:p?a@h1,h2:5/zava?connect_timeout=3");
        assert_eq!(options.get("sslmode"), Some("verify-full"));
        assert_eq!(options.get("sslrootcert"), Some("/a b/ca.pem"));
        let (rest, options) = take("postgresql:///zava?sslmode=disable&sslmode=require");
        assert_eq!((rest.as_str(), options.get("sslmode")), ("postgresql:///zava", Some("require")));
        let (rest, _) = take("postgresql://h/zava");
        assert_eq!(rest, "postgresql://h/zava");
    }

    #[test]
    fn our_options_are_taken_out_of_pairs_with_quotes_and_escapes() {
        let text = r"host='/a b' sslmode = require password='it\'s sslmode=disable' sslkey='/k \\ey' user=u";
        let (rest, options) = take(text);
        assert_eq!(rest, r"host='/a b' password='it\'s sslmode=disable' user=u");
        assert_eq!(options.get("sslmode"), Some("require"));
        assert_eq!(options.get("sslkey"), Some(r"/k \ey"));
        for broken in ["host='a sslmode=require", "host", "=x sslmode=require"] {
            let (rest, options) = take(broken);
            assert_eq!((rest.as_str(), options.get("sslmode")), (broken, None), "{broken}");
        }
    }

    #[test]
    fn a_connection_string_wins_over_flags_and_variables() {
        let sslmode = Some("require".to_owned());
        let sslkey = Some(String::new());
        let wire = WireArgs { sslmode, sslkey, ..WireArgs::default() };
        let (_, options) = take("host=h sslmode=verify-ca");
        assert_eq!(options.complete(&wire).get("sslmode"), Some("verify-ca"));
        let (_, options) = take("host=h");
        let options = options.complete(&wire);
        assert_eq!((options.get("sslmode"), options.get("sslkey")), (Some("require"), None));
    }
}
