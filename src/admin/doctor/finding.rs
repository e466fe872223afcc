//! What one check found.

use std::fmt;

use serde::Serialize;

use crate::database::CHECKS;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    /// As it should be.
    Ok,
    /// Works, but something is missing.
    Warn,
    /// Must be mended.
    Fail,
}

/// One line of the report.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    /// Stable name of the check.
    pub(super) name: String,
    /// How it ended.
    pub(super) outcome: Outcome,
    /// What was found.
    pub(super) detail: String,
    /// The one command or change that mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remedy: Option<String>,
}

impl Finding {
    /// A check that passed.
    pub(super) fn ok(name: &str, detail: impl Into<String>) -> Self {
        Self { name: name.to_owned(), outcome: Outcome::Ok, detail: detail.into(), remedy: None }
    }

    /// A check that passed with a remark.
    pub(super) fn warn(name: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        let remedy = Some(remedy.into());
        Self { name: name.to_owned(), outcome: Outcome::Warn, detail: detail.into(), remedy }
    }

    /// A check that failed.
    pub(super) fn fail(name: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { outcome: Outcome::Fail, ..Self::warn(name, detail, remedy) }
    }

    /// Whether this keeps the database from being served.
    pub(super) fn is_refusal(&self) -> bool {
        self.outcome == Outcome::Fail && CHECKS.iter().any(|(check, _)| *check == self.name)
    }

    /// The exit code that a failure asks for; the smallest of all is taken.
    pub(super) fn exit_code(&self) -> Option<u8> {
        match self.name.as_str() {
            "database" if self.outcome == Outcome::Fail => Some(4),
            _ if self.is_refusal() => Some(3),
            _ => None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.outcome {
            Outcome::Ok => "ok  ",
            Outcome::Warn => "warn",
            Outcome::Fail => "FAIL",
        };
        write!(f, "{word}  {:20} {}", self.name, self.detail)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n      {:20} -> {remedy}", ""),
            None => Ok(()),
        }
    }
}
