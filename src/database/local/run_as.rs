//! Who runs PostgreSQL's processes: ourselves, or an unprivileged user when we are root.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::LocalError;

/// Users tried in this order when root named none.
const DEFAULT_USERS: [&str; 2] = ["postgres", "nobody"];

/// The operating-system user of the server.
#[derive(Clone, Debug)]
pub(super) struct RunAs {
    /// `None`: ourselves.
    other: Option<User>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct User {
    name: String,
    uid: u32,
    gid: u32,
}

impl RunAs {
    /// Decides. An existing cluster's owner goes before `wanted`, because PostgreSQL runs as nobody else.
    ///
    /// # Errors
    ///
    /// [`LocalError::ServerUser`] when we are root and there is no such unprivileged user.
    pub(super) fn decide(wanted: Option<&str>, cluster: &Path) -> Result<Self, LocalError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self { other: None });
        }
        if let Ok(found) = std::fs::metadata(cluster) {
            let user = User { name: found.uid().to_string(), uid: found.uid(), gid: found.gid() };
            return Ok(Self { other: Some(user) });
        }
        let users = Path::new("/etc/passwd");
        let passwd = std::fs::read_to_string(users).map_err(LocalError::file("read", users))?;
        let names = wanted.map_or(DEFAULT_USERS.to_vec(), |name| vec![name]);
        let user = names.iter().find_map(|name| user(&passwd, name)).filter(|user| user.uid != 0);
        let unknown = || LocalError::ServerUser(names.join("` or `"));
        Ok(Self { other: Some(user.ok_or_else(unknown)?) })
    }

    /// A command of that user, in `dir`, with nothing of our environment and none of our standard streams.
    ///
    /// Our stdin and stdout may be an MCP channel, and our environment holds database passwords.
    pub(super) fn command(&self, program: &Path, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir(dir);
        if let Some(user) = &self.other {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    /// Gives a file or directory to that user.
    pub(super) fn own(&self, path: &Path) -> Result<(), LocalError> {
        let Some(user) = &self.other else { return Ok(()) };
        std::os::unix::fs::chown(path, Some(user.uid), Some(user.gid))
            .map_err(LocalError::file("change the owner of", path))
    }

    /// What a failure to start `program` in `dir` means: most often, that this user may not go there.
    pub(super) fn not_started(&self, program: &Path, dir: &Path, error: &std::io::Error) -> LocalError {
        match &self.other {
            Some(user) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                LocalError::LockedOut { user: user.name.clone(), path: dir.to_owned() }
            }
            _ => LocalError::BinariesBroken { program: program.to_owned(), said: error.to_string() },
        }
    }
}

/// The line of one user in `/etc/passwd`: `name:x:uid:gid:...`.
fn user(passwd: &str, name: &str) -> Option<User> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let found = fields.next().filter(|found| *found == name)?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(User { name: found.to_owned(), uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::{User, user};

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let passwd =
            "root:x:0:0::/root:/bin/sh\npostgresql:x:7:7::/:\npostgres:x:101:104:admin,,,:/var:/bin/sh\n";
        let found = User { name: "postgres".into(), uid: 101, gid: 104 };
        assert_eq!(user(passwd, "postgres"), Some(found));
        assert_eq!(user(passwd, "post"), None);
    }
}
