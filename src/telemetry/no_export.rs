//! In place of `export` in a build without it: says so where a collector is named.

use crate::call::{AskWho, Ended, Witness};
use crate::error::ToolError;
use crate::settings::TelemetryArgs;

/// What this build has none of.
#[derive(Clone)]
pub(super) enum Export {}

impl Export {
    /// Nothing, and an error if a collector is named.
    pub(super) fn open(args: &TelemetryArgs, _: AskWho) -> anyhow::Result<Option<Self>> {
        anyhow::ensure!(!args.has_collector(), "this zava-mcp was built without the feature `telemetry`");
        Ok(None)
    }

    pub(super) fn end(&self) {
        match *self {}
    }
}

impl Witness for Export {
    fn saw(&self, _: &Ended) -> Result<(), ToolError> {
        match *self {}
    }

    fn state(&self) -> (&'static str, String) {
        match *self {}
    }
}
