//! A client's configuration file: read whole, replaced whole, never half written.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::config::Object;

/// A file and what was in it.
#[derive(Debug)]
pub(super) struct ConfigFile {
    path: PathBuf,
    text: String,
}

impl ConfigFile {
    /// Reads the file at `path`, or what it links to; one that is missing counts as empty.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        // The file itself is replaced, so a link to it, such as into a directory of dotfiles, stays one.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { path, text }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self { path, text: String::new() }),
            Err(error) => {
                Err(error).context("VALIDATION_ERROR (client_config_unreadable): cannot read the file")
            }
        }
    }

    /// Its content as JSON.
    pub(super) fn object(&self) -> anyhow::Result<Object> {
        if self.text.trim().is_empty() {
            return Ok(Object::new());
        }
        let value: Value = serde_json::from_str(&self.text).map_err(|error| {
            anyhow::anyhow!(
                "VALIDATION_ERROR (client_config_not_json): not plain JSON ({error}; comments would be lost), so the \
                 file was left as it is; run this without --write and paste what it prints"
            )
        })?;
        let Value::Object(object) = value else {
            anyhow::bail!(
                "VALIDATION_ERROR (client_config_shape): the file holds no JSON object; correct it, it was left as it is"
            );
        };
        Ok(object)
    }

    /// Replaces the content at once, in the indentation it had, and makes the directories above when they are missing.
    pub(super) fn replace(&self, object: &Object) -> anyhow::Result<()> {
        let text = render(object, indentation(&self.text))?;
        self.write(&text).with_context(|| {
            "VALIDATION_ERROR (client_config_not_written): cannot write the file, which was left as it is; check the \
             rights on it and its directory"
        })
    }

    fn write(&self, text: &[u8]) -> std::io::Result<()> {
        let parent = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let directory = parent.unwrap_or(Path::new("."));
        std::fs::create_dir_all(directory)?;
        let next = self.beside();
        let written = self.write_new(&next, text).and_then(|()| std::fs::rename(&next, &self.path));
        if written.is_err() {
            let _ = std::fs::remove_file(&next);
        }
        written?;
        File::open(directory)?.sync_all()
    }

    /// A file of its own for this process, in the same directory because a rename does not cross file systems.
    fn beside(&self) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(format!(".{}.new", std::process::id()));
        self.path.with_file_name(name)
    }

    fn write_new(&self, next: &Path, text: &[u8]) -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(next)?;
        if let Ok(old) = std::fs::metadata(&self.path) {
            // Root may edit a person's file; everyone else keeps her own anyway.
            let _ = fchown(&file, Some(old.uid()), Some(old.gid()));
            file.set_permissions(old.permissions())?;
        }
        file.write_all(text)?;
        file.sync_all()
    }
}

/// An object as text, one value a line, with a final line feed.
pub(super) fn render(object: &Object, indentation: &str) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    let formatter = PrettyFormatter::with_indent(indentation.as_bytes());
    object.serialize(&mut Serializer::with_formatter(&mut text, formatter))?;
    text.push(b'\n');
    Ok(text)
}

/// The white space before the first indented line; two spaces when there is none.
fn indentation(text: &str) -> &str {
    let indents = text.lines().filter_map(|line| line.split_once(|letter: char| !letter.is_whitespace()));
    indents.map(|(indent, _)| indent).find(|indent| !indent.is_empty()).unwrap_or("  ")
}
