-- Partitions for the months from zava.first_day to zava.last_day (settings of the transaction), as far as they are missing.
--
-- A month of which rows lie in the default partition already cannot have its own, and is left out. Nobody has rights on a
-- partition: rows are read through their table and its policies. Row security without a policy shows nothing even to
-- those who get a right by mistake. Needs: to be the owner or a superuser, in a transaction.
DO $months$
DECLARE
  whole text;
  part text;
  month timestamp;
BEGIN
  FOREACH whole IN ARRAY ARRAY['orders', 'order_items'] LOOP
    FOR month IN SELECT generate_series(
      date_trunc('month', current_setting('zava.first_day')::timestamp), current_setting('zava.last_day')::timestamp, '1 month')
    LOOP
      part := whole || to_char(month, '_YYYY_MM');
      CONTINUE WHEN to_regclass('retail.' || part) IS NOT NULL;
      BEGIN
        EXECUTE format('CREATE TABLE retail.%I PARTITION OF retail.%I FOR VALUES FROM (%L) TO (%L)',
          part, whole, month, month + interval '1 month');
        EXECUTE format('ALTER TABLE retail.%I OWNER TO zava_owner', part);
      EXCEPTION WHEN check_violation THEN
        NULL;
      END;
    END LOOP;

    FOR part IN
      SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
      WHERE i.inhparent = to_regclass('retail.' || whole) AND NOT c.relforcerowsecurity
    LOOP
      EXECUTE format('ALTER TABLE retail.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
    END LOOP;
  END LOOP;
END
$months$;
