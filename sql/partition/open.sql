-- Keeps everybody out of orders and their lines, and lets their owner read them. Needs: to be the owner, in a transaction.
SET LOCAL lock_timeout = '30s';
SET LOCAL statement_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL maintenance_work_mem = '256MB';
SET LOCAL search_path = pg_catalog, pg_temp;
LOCK TABLE retail.orders, retail.order_items IN ACCESS EXCLUSIVE MODE;
ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE retail.order_items NO FORCE ROW LEVEL SECURITY;
