//! The PostgreSQL room: connections, identity, the read-only view, rows to JSON, statements.
//!
//! It knows nothing of MCP or of the shop's questions. There are two ways in. [`Owner`] is for the admin commands, with
//! the owner's credentials. Everything the server does goes through a [`View`]: one read-only transaction of one
//! identity, always rolled back. There is no other way to a row.

mod catalogue;
mod cell;
mod constant;
mod error;
mod explain;
mod finding;
mod identity;
mod lease;
pub mod local;
mod opener;
mod options;
mod owner;
mod passwords;
mod performance;
mod pool;
mod posture;
mod product_types;
mod query;
mod retry;
mod rows;
mod sample;
mod scope;
mod search;
mod servers;
mod shop_size;
mod slow;
pub mod statements;
mod status;
mod stores;
mod target;
mod tls;
mod vet;
mod view;
mod wire_error;
mod wrap;

pub use self::catalogue::{Column, Constraint, Function, Index};
pub use self::error::{DatabaseError, IdentityError};
pub use self::explain::Plan;
pub use self::finding::{CHECKS, Finding, Grade, OF_THE_MAPPING, Severity};
pub use self::identity::Identity;
pub use self::owner::Owner;
pub use self::passwords::{Password, Passwords};
pub use self::performance::{
    Clock, Day, Line, Moments, Performance, Promotion, Returned, Stock, StoreSales, Totals,
};
pub use self::pool::Database;
pub use self::posture::Posture;
pub use self::product_types::ProductType;
pub use self::query::{Answer, Cap, Cut, QueryError, Refusal};
pub use self::sample::{Look, MOST_ROWS, MOST_VALUES, Sample};
pub use self::scope::{Credential, Scope};
pub use self::search::{
    Compared, FoundProduct, FoundProducts, Freshness, NearWord, ProductFilters, ProductSearch,
    QuestionVector, Setup as SearchSetup, Understood,
};
pub(crate) use self::search::{embedded_text, of_the_original};
pub use self::shop_size::{ServerVersion, ShopSize};
pub use self::status::{Connected, Guarded, PoolStatus};
pub use self::stores::Store;
pub use self::target::{Target, from_url};
pub use self::tls::{Tls, TlsMode};
pub use self::view::View;
pub use self::wire_error::{WireError, WireFault};
