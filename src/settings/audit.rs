//! Settings of the log of calls.

use std::path::PathBuf;

use super::SettingsError;

/// Where calls are entered, and what of them.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Audit")]
pub struct AuditArgs {
    /// Directory for an audit log: a line per call, chained by hashes, in a file a day (UTC)
    ///
    /// Processes of all identities may share it. It is made where it does not exist, and must be this user's alone.
    /// `zava-mcp audit verify` reads it again.
    #[arg(long, env = "ZAVA_AUDIT_LOG", value_name = "DIR")]
    pub audit_log: Option<PathBuf>,

    /// Answer no call that could not be entered in the audit log
    #[arg(long, env = "ZAVA_AUDIT_REQUIRED")]
    pub audit_required: bool,

    /// Enter the text of queries and arguments too, not only its SHA-256
    #[arg(long, env = "ZAVA_AUDIT_SQL")]
    pub audit_sql: bool,
}

impl AuditArgs {
    /// Refuses to require a log that is not there.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Options`].
    pub fn check(&self) -> Result<(), SettingsError> {
        if self.audit_required && self.audit_log.is_none() {
            return Err(SettingsError::Options {
                reason: "audit_log_missing",
                text: "an audit log is required and none is named; give --audit-log DIR or ZAVA_AUDIT_LOG"
                    .to_owned(),
            });
        }
        Ok(())
    }
}
