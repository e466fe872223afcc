-- Which server this is, and which database on it: differs after a failover, a restart, or when a database of the same
-- name took its place.
--
-- Reads the system catalogue only, so that it works for a login without any right.
-- Columns: server text.
SELECT
  pg_catalog.concat_ws(' ', pg_catalog.inet_server_addr(), pg_catalog.inet_server_port(),
    pg_catalog.pg_postmaster_start_time(), d.oid) AS server
FROM pg_catalog.pg_database AS d
WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
