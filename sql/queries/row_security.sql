-- Which tables of the shop row security guards, by name.
--
-- Columns: name text, forced bool (on, and binding the owner too), policies int8.
SELECT
  c.relname::text AS name,
  c.relrowsecurity AND c.relforcerowsecurity AS forced,
  (SELECT count(*) FROM pg_policy AS p WHERE p.polrelid = c.oid) AS policies
FROM pg_class AS c
WHERE c.relnamespace = 'retail'::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY 1
