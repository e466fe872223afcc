-- What was sold, returned and is pending in each of four stretches of time, and how many customers bought.
--
-- Revenue is what completed orders brought in after discounts; an order that came back counts in returned alone. A
-- customer is new in a stretch when no order that was handed over to her is older than it.
--
-- That an order lies in one of the stretches is said twice: once by array subscripts, which PostgreSQL computes before it plans and
-- so knows how many rows to expect. The first orders of few customers are looked up, those of many read in one go.
-- $1 text or NULL: the name of one store, or all that the caller may see.  $2 timestamp[]: first moments.  $3 timestamp[]: the first
-- moments after.
-- Columns: (one row for each stretch, in their order) span int4 (from 1), revenue, returned, pending int8 (US cents),
-- orders, returned_orders, pending_orders, customers, new_customers int8.
WITH span AS (
  SELECT i::int4 AS span, lower_end, upper_end
  FROM unnest($2::timestamp[], $3::timestamp[]) WITH ORDINALITY AS s(lower_end, upper_end, i)
), placed AS (
  SELECT s.span, s.lower_end, o.customer_id, o.store_id, o.status, sum(o.total_amount) AS amount, count(*) AS orders
  FROM span AS s
  JOIN retail.orders AS o ON o.order_date >= s.lower_end AND o.order_date < s.upper_end
  WHERE ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
    AND (o.order_date >= ($2::timestamp[])[1] AND o.order_date < ($3::timestamp[])[1]
      OR o.order_date >= ($2::timestamp[])[2] AND o.order_date < ($3::timestamp[])[2]
      OR o.order_date >= ($2::timestamp[])[3] AND o.order_date < ($3::timestamp[])[3]
      OR o.order_date >= ($2::timestamp[])[4] AND o.order_date < ($3::timestamp[])[4])
  GROUP BY s.span, s.lower_end, o.customer_id, o.store_id, o.status
), money AS (
  SELECT span,
    sum(amount) FILTER (WHERE status = 'completed') AS revenue, sum(orders) FILTER (WHERE status = 'completed') AS orders,
    sum(amount) FILTER (WHERE status = 'returned') AS returned, sum(orders) FILTER (WHERE status = 'returned') AS returned_orders,
    sum(amount) FILTER (WHERE status = 'pending') AS pending, sum(orders) FILTER (WHERE status = 'pending') AS pending_orders
  FROM placed
  GROUP BY span
), few AS (
  SELECT count(*) <= 50000 AS few FROM placed
), first AS (
  SELECT o.customer_id, o.store_id, min(o.order_date) AS order_date
  FROM retail.orders AS o
  WHERE (SELECT few FROM few) AND o.status <> 'pending' AND o.customer_id IN (SELECT customer_id FROM placed)
  GROUP BY o.customer_id, o.store_id
  UNION ALL
  SELECT o.customer_id, o.store_id, min(o.order_date)
  FROM retail.orders AS o
  WHERE NOT (SELECT few FROM few) AND o.status <> 'pending'
    AND ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
  GROUP BY o.customer_id, o.store_id
), buyer AS (
  SELECT p.span, count(*) AS customers, count(*) FILTER (WHERE f.order_date >= p.lower_end) AS new_customers
  FROM placed AS p
  JOIN first AS f USING (customer_id, store_id)
  WHERE p.status = 'completed'
  GROUP BY p.span
)
SELECT
  s.span,
  (100 * coalesce(m.revenue, 0))::int8 AS revenue, (100 * coalesce(m.returned, 0))::int8 AS returned,
  (100 * coalesce(m.pending, 0))::int8 AS pending,
  coalesce(m.orders, 0)::int8 AS orders, coalesce(m.returned_orders, 0)::int8 AS returned_orders,
  coalesce(m.pending_orders, 0)::int8 AS pending_orders,
  coalesce(b.customers, 0) AS customers, coalesce(b.new_customers, 0) AS new_customers
FROM span AS s
LEFT JOIN money AS m USING (span)
LEFT JOIN buyer AS b USING (span)
ORDER BY s.span
