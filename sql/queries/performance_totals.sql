-- What was sold, returned and is pending in each of four stretches of time, and how many customers bought.
--
-- Revenue is what completed orders brought in after discounts; an order that came back counts in returned alone. A
-- customer is new in a stretch when no order that was handed over to her is older than it.
--
-- Each order is read once. Its stretches are the bits of a number, the first one's is 1; they may overlap. That it lies in one of
-- them is said again in WHERE, by array subscripts, which PostgreSQL computes before it plans and so knows how many rows to expect.
-- $1 text or NULL: the name of one store, or all that the caller may see.  $2 timestamp[]: first moments.  $3 timestamp[]: the first
-- moments after.
-- Columns: (one row for each stretch, in their order) span int4 (from 1), revenue, returned, pending int8 (US cents),
-- orders, returned_orders, pending_orders, customers, new_customers int8.
WITH span AS (
  SELECT span, 1 << span - 1 AS bit FROM generate_series(1, 4) AS span
), amount AS (
  SELECT
    (o.order_date >= ($2::timestamp[])[1] AND o.order_date < ($3::timestamp[])[1])::int4
      + (o.order_date >= ($2::timestamp[])[2] AND o.order_date < ($3::timestamp[])[2])::int4 * 2
      + (o.order_date >= ($2::timestamp[])[3] AND o.order_date < ($3::timestamp[])[3])::int4 * 4
      + (o.order_date >= ($2::timestamp[])[4] AND o.order_date < ($3::timestamp[])[4])::int4 * 8 AS spans,
    o.status, sum(o.total_amount) AS amount, count(*) AS orders
  FROM retail.orders AS o
  WHERE ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
    AND (o.order_date >= ($2::timestamp[])[1] AND o.order_date < ($3::timestamp[])[1]
      OR o.order_date >= ($2::timestamp[])[2] AND o.order_date < ($3::timestamp[])[2]
      OR o.order_date >= ($2::timestamp[])[3] AND o.order_date < ($3::timestamp[])[3]
      OR o.order_date >= ($2::timestamp[])[4] AND o.order_date < ($3::timestamp[])[4])
  GROUP BY spans, o.status
), money AS (
  SELECT s.span,
    sum(amount) FILTER (WHERE status = 'completed') AS revenue, sum(orders) FILTER (WHERE status = 'completed') AS orders,
    sum(amount) FILTER (WHERE status = 'returned') AS returned, sum(orders) FILTER (WHERE status = 'returned') AS returned_orders,
    sum(amount) FILTER (WHERE status = 'pending') AS pending, sum(orders) FILTER (WHERE status = 'pending') AS pending_orders
  FROM span AS s
  JOIN amount AS a ON a.spans & s.bit <> 0
  GROUP BY s.span
), history AS (
  SELECT o.customer_id, o.store_id, o.order_date, o.status
  FROM retail.orders AS o
  WHERE o.status <> 'pending' AND ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
    AND o.customer_id IN (
      SELECT b.customer_id FROM retail.orders AS b
      WHERE b.status = 'completed' AND ($1::text IS NULL OR b.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
        AND (b.order_date >= ($2::timestamp[])[1] AND b.order_date < ($3::timestamp[])[1]
          OR b.order_date >= ($2::timestamp[])[2] AND b.order_date < ($3::timestamp[])[2]
          OR b.order_date >= ($2::timestamp[])[3] AND b.order_date < ($3::timestamp[])[3]
          OR b.order_date >= ($2::timestamp[])[4] AND b.order_date < ($3::timestamp[])[4]))
), customer AS (
  SELECT min(order_date) AS first,
    bit_or(CASE WHEN status <> 'completed' THEN 0 ELSE
      (order_date >= ($2::timestamp[])[1] AND order_date < ($3::timestamp[])[1])::int4
        + (order_date >= ($2::timestamp[])[2] AND order_date < ($3::timestamp[])[2])::int4 * 2
        + (order_date >= ($2::timestamp[])[3] AND order_date < ($3::timestamp[])[3])::int4 * 4
        + (order_date >= ($2::timestamp[])[4] AND order_date < ($3::timestamp[])[4])::int4 * 8 END) AS spans
  FROM history
  GROUP BY customer_id, store_id
), buyer AS (
  SELECT
    count(*) FILTER (WHERE spans & 1 <> 0) AS c1, count(*) FILTER (WHERE spans & 1 <> 0 AND first >= ($2::timestamp[])[1]) AS n1,
    count(*) FILTER (WHERE spans & 2 <> 0) AS c2, count(*) FILTER (WHERE spans & 2 <> 0 AND first >= ($2::timestamp[])[2]) AS n2,
    count(*) FILTER (WHERE spans & 4 <> 0) AS c3, count(*) FILTER (WHERE spans & 4 <> 0 AND first >= ($2::timestamp[])[3]) AS n3,
    count(*) FILTER (WHERE spans & 8 <> 0) AS c4, count(*) FILTER (WHERE spans & 8 <> 0 AND first >= ($2::timestamp[])[4]) AS n4
  FROM customer
)
SELECT
  s.span,
  (100 * coalesce(m.revenue, 0))::int8 AS revenue, (100 * coalesce(m.returned, 0))::int8 AS returned,
  (100 * coalesce(m.pending, 0))::int8 AS pending,
  coalesce(m.orders, 0)::int8 AS orders, coalesce(m.returned_orders, 0)::int8 AS returned_orders,
  coalesce(m.pending_orders, 0)::int8 AS pending_orders,
  (ARRAY[b.c1, b.c2, b.c3, b.c4])[s.span] AS customers, (ARRAY[b.n1, b.n2, b.n3, b.n4])[s.span] AS new_customers
FROM span AS s
CROSS JOIN buyer AS b
LEFT JOIN money AS m USING (span)
ORDER BY s.span
