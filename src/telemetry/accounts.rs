//! Who keeps account of calls for dashboards and collectors, as far as it is asked for.

use crate::call::{AskWho, Witness};
use crate::settings::TelemetryArgs;

use super::export::Export;
use super::textfile::TextFile;

/// What keeps account; with nothing asked for it is empty, and nothing was made.
pub struct Accounts {
    export: Option<Export>,
    file: Option<TextFile>,
}

impl Accounts {
    /// Begins what is asked for. What cannot is told on the log, and never stops serving.
    #[must_use]
    pub fn open(args: &TelemetryArgs, who: AskWho) -> Self {
        let path = args.metrics_file.as_deref();
        let file = path.and_then(|path| match TextFile::open(path, who().identity) {
            Ok(file) => Some(file),
            Err(error) => {
                tracing::error!("no metrics file is written: {error}");
                None
            }
        });
        let export = Export::open(args, who).unwrap_or_else(|error| {
            tracing::error!("no telemetry is sent: {error:#}");
            None
        });
        Self { export, file }
    }

    /// All of them.
    pub fn witnesses(&self) -> impl Iterator<Item = Box<dyn Witness>> {
        let export = self.export.clone().map(|export| -> Box<dyn Witness> { Box::new(export) });
        let file = self.file.clone().map(|file| -> Box<dyn Witness> { Box::new(file) });
        export.into_iter().chain(file)
    }

    /// Sends and writes what is left, within half a second.
    pub fn end(&self) {
        if let Some(file) = &self.file {
            file.end();
        }
        if let Some(export) = &self.export {
            export.end();
        }
    }
}
