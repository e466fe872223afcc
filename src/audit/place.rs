//! The directory of an audit log, and its files: only our own, only ours to read, never through a link.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::AuditError;

/// Which file a name leads to.
type Inode = (u64, u64);

/// An open directory.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    dir: File,
    inode: Inode,
}

/// An open file of it.
#[derive(Debug)]
pub(super) struct OpenFile {
    pub(super) file: File,
    pub(super) name: String,
    inode: Inode,
}

impl Place {
    /// Opens the directory, making it if it does not exist.
    pub(super) fn open(path: &Path) -> Result<Self, AuditError> {
        if let Err(error) = DirBuilder::new().recursive(true).mode(0o700).create(path)
            && !path.is_dir()
        {
            return Err(AuditError::io("make the directory", error));
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let dir = rustix::fs::open(path, flags, Mode::empty())
            .map_err(|error| link_or("open the directory", error))?;
        let stat = rustix::fs::fstat(&dir).map_err(|error| AuditError::io("look at the directory", error))?;
        ours(&stat, 0o022, "its directory can be written by others than its owner; chmod 700 mends it")?;
        Ok(Self { path: path.to_owned(), dir: dir.into(), inode: inode(&stat) })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the path still leads here.
    pub(super) fn must_stand(&self) -> Result<(), AuditError> {
        let now = rustix::fs::statat(CWD, &self.path, AtFlags::SYMLINK_NOFOLLOW);
        match now {
            Ok(stat) if inode(&stat) == self.inode => Ok(()),
            _ => Err(AuditError::Replaced("the directory of the audit log".to_owned())),
        }
    }

    /// Opens a file for reading and appending (`append`) or writing anywhere, making it if it does not exist.
    pub(super) fn file(&self, name: &str, append: bool) -> Result<OpenFile, AuditError> {
        let mut flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        if append {
            flags |= OFlags::APPEND;
        }
        let opened = rustix::fs::openat(&self.dir, name, flags, Mode::RUSR | Mode::WUSR);
        let fd = opened.map_err(|error| link_or("open the file", error))?;
        let stat = rustix::fs::fstat(&fd).map_err(|error| AuditError::io("look at the file", error))?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile || stat.st_nlink != 1 {
            return Err(AuditError::Unsafe("is no plain file with one name; remove what is in its place"));
        }
        ours(&stat, 0o077, "is open to others than its owner; chmod 600 mends it")?;
        Ok(OpenFile { file: fd.into(), name: name.to_owned(), inode: inode(&stat) })
    }

    /// Bytes of an open file, whose name must still lead to it.
    pub(super) fn bytes(&self, open: &OpenFile) -> Result<u64, AuditError> {
        let now = rustix::fs::statat(&self.dir, open.name.as_str(), AtFlags::SYMLINK_NOFOLLOW);
        match now {
            Ok(stat) if inode(&stat) == open.inode => Ok(u64::try_from(stat.st_size).unwrap_or(0)),
            _ => Err(AuditError::Replaced(open.name.clone())),
        }
    }
}

/// Refuses what somebody else owns or may touch.
fn ours(stat: &Stat, forbidden: u32, otherwise: &'static str) -> Result<(), AuditError> {
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        return Err(AuditError::Unsafe("belongs to another user; give --audit-log a directory of this one"));
    }
    if stat.st_mode & forbidden != 0 {
        return Err(AuditError::Unsafe(otherwise));
    }
    Ok(())
}

fn inode(stat: &Stat) -> Inode {
    (stat.st_dev, stat.st_ino)
}

fn link_or(doing: &'static str, error: Errno) -> AuditError {
    match error {
        // What the kernel says of a link that must not be followed.
        Errno::LOOP => AuditError::Unsafe("is a symbolic link, which is not followed; name what it leads to"),
        Errno::NOTDIR => AuditError::Unsafe("is no directory, or a symbolic link, which is not followed"),
        error => AuditError::io(doing, error),
    }
}
