-- Revenue and orders of each visible store in four stretches of time; a store that sold nothing has zeros.
--
--
-- That an order lies in one of the stretches is said twice: once by array subscripts, which PostgreSQL computes before it plans and
-- so knows how many rows to expect.
-- $1 timestamp[], $2 timestamp[]: first moments, and first moments after.
-- Columns: store text, span int4, revenue int8 (US cents, completed orders), orders int8.
WITH span AS (
  SELECT i::int4 AS span, lower_end, upper_end
  FROM unnest($1::timestamp[], $2::timestamp[]) WITH ORDINALITY AS s(lower_end, upper_end, i)
), sold AS (
  SELECT s.span, o.store_id, sum(o.total_amount) AS revenue, count(*) AS orders
  FROM span AS s
  JOIN retail.orders AS o ON o.order_date >= s.lower_end AND o.order_date < s.upper_end
  WHERE o.status = 'completed'
    AND (o.order_date >= ($1::timestamp[])[1] AND o.order_date < ($2::timestamp[])[1]
      OR o.order_date >= ($1::timestamp[])[2] AND o.order_date < ($2::timestamp[])[2]
      OR o.order_date >= ($1::timestamp[])[3] AND o.order_date < ($2::timestamp[])[3]
      OR o.order_date >= ($1::timestamp[])[4] AND o.order_date < ($2::timestamp[])[4])
  GROUP BY s.span, o.store_id
)
SELECT t.name AS store, s.span, (100 * coalesce(d.revenue, 0))::int8 AS revenue, coalesce(d.orders, 0) AS orders
FROM retail.stores AS t
CROSS JOIN span AS s
LEFT JOIN sold AS d ON d.store_id = t.store_id AND d.span = s.span
ORDER BY t.name, s.span
