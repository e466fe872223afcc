-- What each day of a stretch of time brought; days without an order have no row.
--
-- $1 text or NULL: the name of one store, or all that the caller may see.  $2 timestamp: first moment.  $3 timestamp: first moment
-- after.
-- Columns: (by day) day date, revenue int8 (US cents, completed orders), orders int8.
SELECT o.order_date::date AS day, (100 * sum(o.total_amount))::int8 AS revenue, count(*) AS orders
FROM retail.orders AS o
WHERE o.order_date >= $2 AND o.order_date < $3 AND o.status = 'completed' AND ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
GROUP BY o.order_date::date
ORDER BY day
