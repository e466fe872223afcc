//! The home directory of whoever started the program.

use std::path::PathBuf;

use super::SettingsError;

/// The absolute home directory.
///
/// # Errors
///
/// [`SettingsError::NoHome`] when the environment names none.
pub fn home_dir() -> Result<PathBuf, SettingsError> {
    std::env::home_dir().filter(|home| home.is_absolute()).ok_or(SettingsError::NoHome)
}
