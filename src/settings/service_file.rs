//! libpq's two files: connection services and passwords.
//!
//! Formats: <https://www.postgresql.org/docs/current/libpq-pgservice.html> and `libpq-pgpass.html`.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use secrecy::SecretString;

/// The settings of one service as (key, value), or `None` when no file defines it.
pub(super) fn read(service: &str) -> Option<Vec<(String, String)>> {
    let text = std::fs::read_to_string(path_of("PGSERVICEFILE", ".pg_service.conf")?).ok()?;
    section(&text, service)
}

/// The password that `~/.pgpass` (or `PGPASSFILE`) holds for a connection.
///
/// `host` is `localhost` for unix sockets, as libpq has it. A file that others may read is ignored with a warning.
#[must_use]
pub fn stored_password(host: &str, port: u16, database: &str, user: &str) -> Option<SecretString> {
    let path = path_of("PGPASSFILE", ".pgpass")?;
    let mode = std::fs::metadata(&path).ok()?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!("{} is readable by others and therefore ignored: chmod 600 it", path.display());
        return None;
    }
    let text = std::fs::read_to_string(path).ok()?;
    text.lines().find_map(|line| matching_password(line, &[host, &port.to_string(), database, user]))
}

fn path_of(variable: &str, in_home: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(in_home)))
}

fn section(text: &str, name: &str) -> Option<Vec<(String, String)>> {
    let header = format!("[{name}]");
    let mut lines = text.lines().map(str::trim).skip_while(|line| *line != header);
    lines.next()?;
    let settings = lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()));
    Some(settings.collect())
}

/// The fifth field of a line whose first four are `wanted` or `*`.
fn matching_password(line: &str, wanted: &[&str; 4]) -> Option<SecretString> {
    if line.starts_with('#') {
        return None;
    }
    let fields = fields(line);
    let [host, port, database, user, password] = fields.as_slice() else { return None };
    let matches = [host, port, database, user]
        .iter()
        .zip(wanted)
        .all(|(field, wanted)| *field == "*" || field.as_str() == *wanted);
    matches.then(|| SecretString::from(password.clone()))
}

/// Splits at `:`; a backslash keeps the next character.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        let literal = match character {
            ':' => {
                fields.push(String::new());
                continue;
            }
            '\\' => characters.next().unwrap_or('\\'),
            other => other,
        };
        if let Some(last) = fields.last_mut() {
            last.push(literal);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::{matching_password, section};

    #[test]
    fn a_password_line_matches_by_value_or_star_and_keeps_escaped_colons() {
        let wanted = ["db.example", "5432", "zava", "seattle"];
        let found = matching_password(r"*:5432:zava:seattle:a\:b\\c", &wanted).expect("matches");
        assert_eq!(found.expose_secret(), r"a:b\c");
        assert!(matching_password("db.example:5433:zava:seattle:x", &wanted).is_none());
        assert!(matching_password("# db.example:5432:zava:seattle:x", &wanted).is_none());
    }

    #[test]
    fn a_service_ends_where_the_next_begins() {
        let text = "[one]\nhost=a\n# no\nport = 5433\n[two]\nhost=b\n";
        let one = section(text, "one").expect("defined");
        assert_eq!(one, [("host".into(), "a".into()), ("port".into(), "5433".into())]);
        assert!(section(text, "three").is_none());
    }
}
