-- When the newest order was placed.
--
-- $1 text or NULL: the name of one store, or all that the caller may see.
-- Columns: (one row) newest timestamp (Pacific; NULL without orders).
SELECT max(o.order_date) AS newest
FROM retail.orders AS o
WHERE $1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1)
