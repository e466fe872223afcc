-- Products that come back more often than others: at least three times the share of all lines, and five orders or more.
--
-- $1 text or NULL: the name of one store, or all that the caller may see.  $2 timestamp: first moment.  $3 timestamp: first moment
-- after.  $4 int8: most rows.
-- Columns: (most refunded first) name text, sku text, lines int8 (completed and returned), returned int8 (of them),
-- refunded int8 (US cents), all_lines int8, all_returned int8 (of every product).
WITH line AS (
  SELECT i.product_id, count(*) AS lines, count(*) FILTER (WHERE o.status = 'returned') AS returned,
    sum(i.total_amount) FILTER (WHERE o.status = 'returned') AS refunded
  FROM retail.orders AS o
  JOIN retail.order_items AS i ON i.order_id = o.order_id AND i.store_id = o.store_id
  WHERE o.order_date >= $2 AND o.order_date < $3 AND o.status <> 'pending' AND ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
  GROUP BY i.product_id
), whole AS (
  SELECT coalesce(sum(lines), 0)::int8 AS all_lines, coalesce(sum(returned), 0)::int8 AS all_returned
  FROM line
)
SELECT p.name, p.sku, l.lines, l.returned, (100 * l.refunded)::int8 AS refunded, w.all_lines, w.all_returned
FROM line AS l
CROSS JOIN whole AS w
JOIN retail.products AS p USING (product_id)
WHERE l.returned >= 5 AND l.returned * w.all_lines >= 3 * l.lines * w.all_returned
ORDER BY l.refunded DESC, p.sku
LIMIT $4
