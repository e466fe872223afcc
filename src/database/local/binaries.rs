//! Which PostgreSQL is run, and whether it is fit for us.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::LocalError;
use super::run_as::RunAs;

/// The oldest major version that has everything the schema uses.
const OLDEST_MAJOR: u32 = 16;

/// A PostgreSQL that runs, is new enough and has pgvector.
#[derive(Debug)]
pub(super) struct Binaries {
    dir: PathBuf,
    major: u32,
}

impl Binaries {
    /// Looks at the PostgreSQL in a bin directory, as the user that will run it.
    ///
    /// # Errors
    ///
    /// [`LocalError::BinariesMissing`] and its neighbours.
    pub(super) async fn check(dir: PathBuf, run_as: &RunAs) -> Result<Self, LocalError> {
        if !present(&dir) {
            return Err(LocalError::BinariesMissing(dir));
        }
        let version = said(&dir.join("postgres"), &["--version"], run_as).await?;
        let major = major(&version)
            .ok_or_else(|| LocalError::BinariesBroken { program: dir.join("postgres"), said: version })?;
        if major < OLDEST_MAJOR {
            return Err(LocalError::BinariesTooOld { dir, major });
        }
        // Only PostgreSQL itself knows where its share directory is, because packagers move it about.
        let shown = said(&dir.join("initdb"), &["--show", "-D", "/nonexistent"], run_as).await?;
        let share = shown.lines().find_map(|line| line.strip_prefix("share_path="));
        let has_vector =
            share.is_some_and(|share| Path::new(share).join("extension/vector.control").is_file());
        if has_vector { Ok(Self { dir, major }) } else { Err(LocalError::VectorMissing(dir)) }
    }

    /// The bin directory.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The major version, such as 18.
    pub(super) fn major(&self) -> u32 {
        self.major
    }

    /// Path of one program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// Whether a bin directory holds what we need, without running any of it.
pub(super) fn present(dir: &Path) -> bool {
    ["postgres", "initdb"].iter().all(|name| dir.join(name).is_file())
}

/// Everything a program writes when it succeeds.
async fn said(program: &Path, args: &[&str], run_as: &RunAs) -> Result<String, LocalError> {
    let mut command = run_as.command(program, Path::new("/"));
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let output = command.output().await.map_err(|error| run_as.not_started(program, program, &error))?;
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    if output.status.success() {
        Ok(said)
    } else {
        Err(LocalError::BinariesBroken { program: program.to_owned(), said: super::log::last_lines(&said) })
    }
}

/// The major version in `postgres (PostgreSQL) 18.4`, `… 19devel` and their like.
fn major(version: &str) -> Option<u32> {
    let (_, number) = version.split_once("(PostgreSQL) ")?;
    number.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_read_from_releases_betas_and_packages() {
        assert_eq!(major("postgres (PostgreSQL) 18.4\n"), Some(18));
        assert_eq!(major("postgres (PostgreSQL) 16.10 (Ubuntu 16.10-0ubuntu0.24.04.1)\n"), Some(16));
        assert_eq!(major("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(major("mysqld 8\n"), None);
    }
}
