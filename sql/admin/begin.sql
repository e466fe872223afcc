-- Everything or nothing. Whoever reads may finish first, but not for ever; the work itself takes as long as it takes.
BEGIN;
SET LOCAL lock_timeout = '30s';
SET LOCAL statement_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL maintenance_work_mem = '256MB'; -- for building indexes and checking references
SET LOCAL search_path = pg_catalog, pg_temp;
