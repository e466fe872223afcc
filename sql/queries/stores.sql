-- The stores whose rows the caller may see, by name.
--
-- In the original sample's database everybody may read the table of stores, so stock decides: a store is shown where
-- its stock is, or where there is no stock at all (a shop that was not seeded). Rows are read as jsonb because columns
-- are named otherwise there.
-- Columns: name text, location text or NULL, region text or NULL, is_online bool, opened text or NULL (ISO 8601 date).
SELECT
  coalesce(whole ->> 'name', whole ->> 'store_name') AS name,
  whole ->> 'location' AS location,
  whole ->> 'region' AS region,
  s.is_online,
  left(whole ->> 'created_at', 10) AS opened
FROM retail.stores AS s
CROSS JOIN LATERAL to_jsonb(s) AS whole
WHERE EXISTS (SELECT FROM retail.inventory AS i WHERE i.store_id = s.store_id)
  OR NOT EXISTS (SELECT FROM retail.inventory)
ORDER BY 1
