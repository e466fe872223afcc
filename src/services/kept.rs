//! Answers that are given again: looked for before the work, kept after it, and told apart from new ones.
//!
//! What an answer is kept under is who asks, as PostgreSQL says at that moment, with every right and store they have
//! ([`Scope`]), the version of this program, the tool and its arguments. So a kept answer costs one look at the
//! database, and nobody lives on in the cache who has lost a login, a store or a right. Failures are never kept.

use serde::Serialize;
use serde_json::Value;

use crate::cache::{Cache, Kept, Key};
use crate::call;
use crate::database::{Database, DatabaseError, Scope};
use crate::error::ToolError;

/// One call that may be answered from what is kept.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// The shop.
    pub database: &'a Database,
    /// What is kept.
    pub cache: &'a Cache,
    /// Read anew, and keep that.
    pub fresh: bool,
}

/// An answer, and its age in seconds when it was made for an earlier call.
#[derive(Debug)]
pub struct Aged {
    answer: Value,
    age: Option<u64>,
}

/// What was found of an answer.
pub(super) enum Found {
    Kept(Aged),
    /// Nothing; where to keep it, if anywhere.
    Missing(Option<Key>),
}

impl Aged {
    /// An answer made for this call, as JSON.
    pub(super) fn made(answer: Value) -> Self {
        Self { answer, age: None }
    }

    /// An answer made for this call.
    pub(super) fn new(answer: &impl Serialize) -> Result<Self, ToolError> {
        let answer =
            serde_json::to_value(answer).map_err(|error| ToolError::internal("write the answer", &error))?;
        Ok(Self::made(answer))
    }

    /// `None` when what was kept is no JSON.
    fn read(kept: &Kept) -> Option<Self> {
        let answer = serde_json::from_str(&kept.text).ok()?;
        call::kept();
        Some(Self { answer, age: Some(kept.age.as_secs()) })
    }

    /// An object, with `cached` and `age_seconds` at its end when it was kept.
    #[must_use]
    pub fn into_json(mut self) -> Value {
        if let (Some(age), Some(object)) = (self.age, self.answer.as_object_mut()) {
            object.insert("cached".to_owned(), true.into());
            object.insert("age_seconds".to_owned(), age.into());
        }
        self.answer
    }

    /// Text, with the same two in a last line, as a comment of SQL.
    #[must_use]
    pub fn into_text(self) -> String {
        let text = self.answer.as_str().unwrap_or_default();
        match self.age {
            Some(age) => format!("{text}\n-- {{\"cached\":true,\"age_seconds\":{age}}}\n"),
            None => text.to_owned(),
        }
    }
}

impl Asking<'_> {
    /// The answer to `operation` that was kept, or the one that `make` makes. `parts` says what it depends on besides who
    /// asks; `None`: on something that cannot be said.
    pub(super) async fn answer<T: Serialize>(
        &self,
        operation: &'static str,
        parts: impl FnOnce(&Scope) -> Option<Vec<String>>,
        make: impl Future<Output = Result<T, ToolError>>,
    ) -> Result<Aged, ToolError> {
        // Boxed, and so is `make`: a call must not carry the room for what it will not do.
        match Box::pin(self.look(operation, parts)).await? {
            Found::Kept(answer) => Ok(answer),
            Found::Missing(key) => {
                let answer = Aged::new(&make.await?)?;
                Box::pin(self.keep(key, &answer)).await;
                Ok(answer)
            }
        }
    }

    /// Looks for an answer.
    pub(super) async fn look(
        &self,
        operation: &'static str,
        parts: impl FnOnce(&Scope) -> Option<Vec<String>>,
    ) -> Result<Found, ToolError> {
        let Some(key) = self.key(operation, parts).await? else { return Ok(Found::Missing(None)) };
        if self.fresh {
            return Ok(Found::Missing(Some(key)));
        }
        let kept = self.cache.get(operation, key).await;
        Ok(kept.as_ref().and_then(Aged::read).map_or(Found::Missing(Some(key)), Found::Kept))
    }

    /// Keeps an answer for later calls.
    pub(super) async fn keep(&self, key: Option<Key>, answer: &Aged) {
        if let Some(key) = key {
            self.cache.put(key, &answer.answer.to_string()).await;
        }
    }

    async fn key(
        &self,
        operation: &'static str,
        parts: impl FnOnce(&Scope) -> Option<Vec<String>>,
    ) -> Result<Option<Key>, ToolError> {
        if !self.cache.is_on() {
            return Ok(None);
        }
        let scope = match self.database.scope().await {
            Ok(scope) => scope,
            // Another schema than a shop's: the tool itself knows what to say of it.
            Err(error @ DatabaseError::Statement { .. }) if !error.is_lost() => {
                tracing::debug!("nothing is kept: {error}");
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let (Some(parts), Some(credential)) = (parts(&scope), self.database.credential()) else {
            return Ok(None);
        };
        self.cache.bind(&credential.login, credential.password.as_ref()).await;
        let fixed = [env!("CARGO_PKG_VERSION"), &credential.login, &scope.who, operation];
        Ok(Some(Key::of(fixed.into_iter().chain(parts.iter().map(String::as_str)))))
    }
}
