-- Has PostgreSQL join and sum up partition by partition, so that an order's month finds its lines' month. Whoever does not
-- own the database goes without.
DO $settings$
BEGIN
  EXECUTE format('ALTER DATABASE %I SET enable_partitionwise_join = on', current_database());
  EXECUTE format('ALTER DATABASE %I SET enable_partitionwise_aggregate = on', current_database());
EXCEPTION WHEN insufficient_privilege THEN
  NULL;
END
$settings$;
