//! Lists and how long they may be kept: every list here is one page, and the hints are those of the 2026-07-28 protocol.

use std::time::Duration;

use rmcp::model::{CacheScope, PaginatedRequestParams};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};

/// What cannot change while this process runs, and is the same for everybody: tools, names of resources.
const BUILT_IN: Hint = (Duration::from_secs(3600), CacheScope::Public);
/// What was read from the database, as this identity sees it.
const READ: Hint = (Duration::from_secs(60), CacheScope::Private);

type Hint = (Duration, CacheScope);

/// The results that say how long they may be kept.
pub(super) trait Cacheable: Sized {
    /// Sets both hints.
    fn with_hint(self, milliseconds: u64, scope: CacheScope) -> Self;

    /// The result with the hints for what is built in.
    fn built_in(self, context: &RequestContext<RoleServer>) -> Self {
        hinted(self, context, BUILT_IN)
    }

    /// The result with the hints for what was read from the database.
    fn was_read(self, context: &RequestContext<RoleServer>) -> Self {
        hinted(self, context, READ)
    }
}

/// Older protocols do not know these hints.
fn hinted<T: Cacheable>(result: T, context: &RequestContext<RoleServer>, (ttl, scope): Hint) -> T {
    if is_modern(context) {
        result.with_hint(u64::try_from(ttl.as_millis()).unwrap_or(0), scope)
    } else {
        result
    }
}

macro_rules! cacheable {
    ($($result:ident),*) => {
        $(impl Cacheable for rmcp::model::$result {
            fn with_hint(self, milliseconds: u64, scope: CacheScope) -> Self {
                self.with_ttl_ms(milliseconds).with_cache_scope(scope)
            }
        })*
    };
}

cacheable!(
    DiscoverResult,
    ListPromptsResult,
    ListToolsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ReadResourceResult
);

/// Whether the request speaks the protocol of 2026-07-28 or a later one.
pub(super) fn is_modern(context: &RequestContext<RoleServer>) -> bool {
    context.protocol_version().is_some_and(|version| !version.has_initialize())
}

/// Refuses every cursor: none was ever given out.
pub(super) fn only(request: Option<&PaginatedRequestParams>) -> Result<(), ErrorData> {
    match request.and_then(|request| request.cursor.as_ref()) {
        Some(_) => Err(ErrorData::invalid_params(
            "Invalid cursor: this list is a single page; ask for it without a cursor",
            None,
        )),
        None => Ok(()),
    }
}
