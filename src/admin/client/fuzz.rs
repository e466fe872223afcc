//! The merge into a client's file, for `tests/fuzz`; in no other build.

use std::path::Path;

use uuid::Uuid;

use super::config::Config;
use super::kind::Client;
use super::merge::Change;
use super::people::Person;
use super::reach::Reach;

/// Merges one server called `zavaOne` into the file of VS Code, or of another client; whether that changed it.
///
/// # Errors
///
/// As of `zava-mcp client --write`; the file is left as it was then.
pub fn merge(path: &Path, vscode: bool, force: bool) -> anyhow::Result<bool> {
    let client = if vscode { Client::Vscode } else { Client::Cursor };
    let people = [Person { name: "zavaOne".to_owned(), rls_user: Uuid::nil() }];
    let config = Config::new(client, "/opt/zava-mcp", &people, &Reach::Url);
    let changes = super::merge_into(path, &config, force)?;
    Ok(changes.iter().any(|(_, change)| *change != Change::Unchanged))
}
