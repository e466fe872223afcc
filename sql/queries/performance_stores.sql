-- Revenue and orders of each visible store in four stretches of time; a store that sold nothing has zeros.
--
-- Each order is read once. Its stretches are the bits of a number, the first one's is 1; they may overlap. That it lies in one of
-- them is said again in WHERE, by array subscripts, which PostgreSQL computes before it plans and so knows how many rows to expect.
-- $1 timestamp[], $2 timestamp[]: first moments, and first moments after.
-- Columns: store text, span int4, revenue int8 (US cents, completed orders), orders int8.
WITH sold AS (
  SELECT
    (o.order_date >= ($1::timestamp[])[1] AND o.order_date < ($2::timestamp[])[1])::int4
      + (o.order_date >= ($1::timestamp[])[2] AND o.order_date < ($2::timestamp[])[2])::int4 * 2
      + (o.order_date >= ($1::timestamp[])[3] AND o.order_date < ($2::timestamp[])[3])::int4 * 4
      + (o.order_date >= ($1::timestamp[])[4] AND o.order_date < ($2::timestamp[])[4])::int4 * 8 AS spans,
    o.store_id, sum(o.total_amount) AS revenue, count(*) AS orders
  FROM retail.orders AS o
  WHERE o.status = 'completed'
    AND (o.order_date >= ($1::timestamp[])[1] AND o.order_date < ($2::timestamp[])[1]
      OR o.order_date >= ($1::timestamp[])[2] AND o.order_date < ($2::timestamp[])[2]
      OR o.order_date >= ($1::timestamp[])[3] AND o.order_date < ($2::timestamp[])[3]
      OR o.order_date >= ($1::timestamp[])[4] AND o.order_date < ($2::timestamp[])[4])
  GROUP BY spans, o.store_id
)
SELECT t.name AS store, s.span, (100 * coalesce(sum(d.revenue), 0))::int8 AS revenue, coalesce(sum(d.orders), 0)::int8 AS orders
FROM retail.stores AS t
CROSS JOIN generate_series(1, 4) AS s(span)
LEFT JOIN sold AS d ON d.store_id = t.store_id AND d.spans & (1 << s.span - 1) <> 0
GROUP BY t.name, s.span
ORDER BY t.name, s.span
