//! The map of the house: an MCP server that answers a store manager's questions from the Zava retail database, and only
//! from the rows that are hers.
//!
//! # The rooms
//!
//! ```text
//!  client ──stdin/stdout──▶ mcp ─▶ mcp/tools ─▶ services ─▶ database ─▶ PostgreSQL
//!                            ▲                      ├─────▶ embeddings
//!                            │                      └─────▶ charts
//!                            └── values and typed errors ──┘   nothing calls backwards
//!  shell ──▶ cli ──▶ admin ───────────────────────────────▶ database ─▶ the same PostgreSQL, as its owner
//! ```
//!
//! | room | one job | knows | must not know |
//! |---|---|---|---|
//! | [`mcp`] | speak the protocol | rmcp, [`services`] | SQL, the database, settings |
//! | [`services`] | what the shop can be asked | [`database`], [`embeddings`], [`charts`], [`cache`], [`error`] | MCP, the PostgreSQL driver |
//! | [`database`] | connections, identity, the read-only view, rows to JSON | the PostgreSQL driver, `sql/` | MCP, services |
//! | [`embeddings`] | from text to vectors | models, reqwest | everything else |
//! | [`charts`] | from values to a picture | a plotting library | everything else |
//! | [`cache`] | answers that are given again | Redis, [`settings`] | everything else |
//! | [`admin`] | the owner's commands | [`database`] as its owner, [`embeddings`], [`cache`], [`audit`], [`entra`] | MCP |
//! | [`audit`] | the log of calls that cannot be changed unseen | [`call`], [`settings`] | everything else |
//! | [`call`] | what was noted of the call that is being answered | [`error`] | everything else |
//! | [`entra`] | tokens of Entra ID as the database's passwords | [`embeddings`], [`database`], [`settings`] | everything else |
//! | [`settings`] | every flag and variable | clap, the environment | everything else |
//! | [`cli`] | one enum, one match | [`admin`], [`mcp`], [`audit`], [`telemetry`] | |
//! | [`telemetry`] | logs, and what goes to collectors | tracing, OpenTelemetry, [`call`], [`settings`] | everything else |
//!
//! The walls are lints: `.clippy.toml` lists what each room alone may call, `scripts/walls` breaks each wall once and
//! expects clippy to refuse, and `tests/it/walls.rs` reads the arrows between the modules from the source.
//!
//! # Words
//!
//! *Identity*: the RLS user id that a process serves, fixed when it starts. *Login*: the PostgreSQL role that
//! authenticated; it belongs to one identity. *View*: one read-only transaction of one identity. *Statement*: SQL of ours,
//! a file in `sql/`. *Query*: SQL that the assistant wrote. *Kept*: given again from [`cache`]; *scope*: who asks and what
//! they may see, under which it is kept.
//!
//! # What happens when an assistant asks for revenue by month
//!
//! 1. The client spawns `zava-mcp --rls-user UUID`. [`cli`] parses, [`settings`] decides which database is meant, nothing
//!    connects. [`mcp::serve`] answers `initialize` and `tools/list` without a database.
//! 2. A `tools/call` of `execute_sales_query` arrives. `mcp/transport/` cuts it out of stdin and enters it as open, `mcp/guard.rs`
//!    waits for its turn; from then on it can be cancelled at any moment, and a panic ends only this call. The tool's file
//!    in `mcp/tools/` reads the arguments, checks the range of `max_rows`, and calls [`services::sales_query::kept`]. That
//!    is all it does.
//! 3. Answers of queries are not kept unless `--cache-queries` asks for it (`services/kept.rs`). The service refuses an
//!    empty text and asks [`database::Database::run_query`].
//! 4. The pool is empty, so a connection is opened; for the managed local server, that server is started first when it is
//!    down. Before anything else is read, the login is held against the identity (`database/identity.rs`), and the first
//!    connection answers the checks of `sql/queries/posture_*.sql` (`database/posture.rs`): an unsafe database is refused.
//! 5. First round trip: `BEGIN READ ONLY` with the settings of the call, and PostgreSQL parses the query *alone*. What does
//!    not parse as one complete statement ends here, with a caret under the place. A connection that fails before BEGIN
//!    was answered is replaced, twice at most (`database/retry.rs`).
//! 6. Second round trip: the query runs as the sub-select of our own SELECT with a LIMIT (`database/wrap.rs`), and
//!    `ROLLBACK`. As a sub-select nothing but a query is possible. Row security adds `store_id = (the login's store)` to
//!    every table with store data. Values that may be long are cut there, before they leave PostgreSQL.
//! 7. Each cell becomes JSON by its type (`database/cell.rs`); reading stops at the row or byte limit (`database/rows.rs`).
//! 8. The connection goes back to the pool only because the ROLLBACK succeeded. On any other path, also when the client
//!    cancels, the query is cancelled and the connection thrown away (`database/pool.rs`).
//! 9. The service adds what to know about the answer ("there are more rows"), the tool writes the same JSON as text and as
//!    structured content, and the transport sends it, unless the call was cancelled meanwhile.
//! 10. Where somebody keeps account ([`call::Witness`]: the audit log, telemetry), `mcp/guard.rs` tells them before the answer leaves
//!     what the rooms below noted of the call. The audit log may forbid the answer.
//! 11. Had it failed, a [`error::ToolError`] would have travelled the same way back: a stable code, what was wrong, what to
//!     do next.

pub mod admin;
pub mod audit;
pub mod cache;
pub mod call;
pub mod charts;
pub mod cli;
pub mod database;
pub mod embeddings;
pub mod entra;
pub mod error;
pub mod mcp;
pub mod services;
pub mod settings;
pub mod telemetry;
