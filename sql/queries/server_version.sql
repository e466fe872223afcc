-- Versions of PostgreSQL and of pgvector, and the server's clock.
--
-- Columns: number int4 (such as 160004), version text, pgvector text or NULL, now timestamptz.
SELECT
  current_setting('server_version_num')::int AS number,
  current_setting('server_version') AS version,
  (SELECT e.extversion FROM pg_catalog.pg_extension AS e WHERE e.extname = 'vector') AS pgvector,
  pg_catalog.now() AS now
