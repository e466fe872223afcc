-- What the lines of completed orders say of four stretches of time: in all, by category, and for the products
-- that stand out in the first stretch.
--
-- A product stands out by most revenue (best), by least revenue among those on the shelf or sold (worst), and by the
-- largest loss of revenue against the third stretch (falling). The price effect of a stretch is how much of the first
-- one's revenue comes from prices that differ from that stretch's: the sum over products sold in both of pieces times
-- the difference of average prices. Cost is today's; where the login may not read it, the server reads NULL in its
-- place.
--
-- Each order is read once. Its stretches are the bits of a number, the first one's is 1; they may overlap. That it lies in one of
-- them is said again in WHERE, by array subscripts, which PostgreSQL computes before it plans and so knows how many rows to expect.
-- $1 text or NULL: the name of one store, or all that the caller may see.  $2, $3 timestamp[]: first moments, and first moments
-- after.  $4 int8: how many products of each kind.
-- Columns: kind text (all, category, best, worst, falling), name text (of the category or product), sku text (products),
-- place int8 (products: 1 is first), span int4, units int8, revenue, discount, cost, price_effect int8 (US cents;
-- cost is NULL where it may not be read, price_effect where it is not of kind all).
WITH span AS (
  SELECT span, 1 << span - 1 AS bit FROM generate_series(1, 4) AS span
), sold AS (
  SELECT
    (o.order_date >= ($2::timestamp[])[1] AND o.order_date < ($3::timestamp[])[1])::int4
      + (o.order_date >= ($2::timestamp[])[2] AND o.order_date < ($3::timestamp[])[2])::int4 * 2
      + (o.order_date >= ($2::timestamp[])[3] AND o.order_date < ($3::timestamp[])[3])::int4 * 4
      + (o.order_date >= ($2::timestamp[])[4] AND o.order_date < ($3::timestamp[])[4])::int4 * 8 AS spans,
    i.product_id, sum(i.quantity) AS units, sum(i.total_amount) AS revenue, sum(i.discount_amount) AS discount
  FROM retail.orders AS o
  JOIN retail.order_items AS i ON i.order_id = o.order_id AND i.store_id = o.store_id
  WHERE o.status = 'completed' AND ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
    AND (o.order_date >= ($2::timestamp[])[1] AND o.order_date < ($3::timestamp[])[1]
      OR o.order_date >= ($2::timestamp[])[2] AND o.order_date < ($3::timestamp[])[2]
      OR o.order_date >= ($2::timestamp[])[3] AND o.order_date < ($3::timestamp[])[3]
      OR o.order_date >= ($2::timestamp[])[4] AND o.order_date < ($3::timestamp[])[4])
  GROUP BY spans, i.product_id
), line AS MATERIALIZED (
  SELECT s.span, d.product_id, sum(d.units) AS units, sum(d.revenue) AS revenue, sum(d.discount) AS discount,
    max(sum(d.units)) FILTER (WHERE s.span = 1) OVER (PARTITION BY d.product_id) AS first_units,
    max(sum(d.revenue)) FILTER (WHERE s.span = 1) OVER (PARTITION BY d.product_id) AS first_revenue
  FROM sold AS d
  JOIN span AS s ON d.spans & s.bit <> 0
  GROUP BY s.span, d.product_id
), summed AS (
  SELECT l.span, p.category_id, sum(l.units) AS units, sum(l.revenue) AS revenue, sum(l.discount) AS discount,
    sum(l.units * p.cost) AS cost, sum(l.first_revenue - l.first_units * (l.revenue / l.units)) AS price_effect
  FROM line AS l
  JOIN retail.products AS p USING (product_id)
  GROUP BY GROUPING SETS ((l.span), (l.span, p.category_id))
), standing AS (
  SELECT product_id, coalesce(sum(revenue) FILTER (WHERE span = 1), 0) AS revenue,
    coalesce(sum(revenue) FILTER (WHERE span = 3), 0) - coalesce(sum(revenue) FILTER (WHERE span = 1), 0) AS loss
  FROM (
    SELECT product_id, span, revenue FROM line WHERE span IN (1, 3)
    UNION ALL
    SELECT product_id, NULL, NULL FROM retail.inventory
    WHERE stock_level > 0 AND ($1::text IS NULL OR store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
  ) AS shelf
  GROUP BY product_id
), chosen AS (
  SELECT 'best' AS kind, row_number() OVER (ORDER BY revenue DESC, product_id) AS place, product_id
  FROM (SELECT * FROM standing WHERE revenue > 0 ORDER BY revenue DESC, product_id LIMIT $4) AS best
  UNION ALL
  SELECT 'worst', row_number() OVER (ORDER BY revenue, loss DESC, product_id), product_id
  FROM (SELECT * FROM standing ORDER BY revenue, loss DESC, product_id LIMIT $4) AS worst
  UNION ALL
  SELECT 'falling', row_number() OVER (ORDER BY loss DESC, product_id), product_id
  FROM (SELECT * FROM standing WHERE loss > 0 ORDER BY loss DESC, product_id LIMIT $4) AS falling
)
SELECT
  CASE WHEN c.category_id IS NULL THEN 'all' ELSE 'category' END AS kind, c.category_name AS name, NULL AS sku,
  NULL::int8 AS place, s.span, s.units::int8 AS units, (100 * s.revenue)::int8 AS revenue,
  (100 * s.discount)::int8 AS discount, (100 * s.cost)::int8 AS cost,
  CASE WHEN s.category_id IS NULL THEN (100 * coalesce(s.price_effect, 0))::int8 END AS price_effect
FROM summed AS s
LEFT JOIN retail.categories AS c USING (category_id)
UNION ALL
SELECT
  c.kind, p.name, p.sku, c.place, s.span, coalesce(l.units, 0)::int8, (100 * coalesce(l.revenue, 0))::int8,
  (100 * coalesce(l.discount, 0))::int8, (100 * coalesce(l.units, 0) * p.cost)::int8, NULL
FROM chosen AS c
JOIN retail.products AS p USING (product_id)
CROSS JOIN span AS s
LEFT JOIN line AS l ON l.product_id = c.product_id AND l.span = s.span
ORDER BY kind, name, place, span
