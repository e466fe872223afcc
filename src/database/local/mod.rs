//! The managed local PostgreSQL: a private cluster in the data directory, started on demand.
