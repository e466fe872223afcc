-- What the lines of completed orders say of four stretches of time: in all, by category, and for the products
-- that stand out in the first stretch.
--
-- A product stands out by most revenue (best), by least revenue among those on the shelf or sold (worst), and by the
-- largest loss of revenue against the third stretch (falling). The price effect of a stretch is how much of the first
-- one's revenue comes from prices that differ from that stretch's: the sum over products sold in both of pieces times
-- the difference of average prices. Cost is today's; where the login may not read it, the server reads NULL in its
-- place.
--
-- That an order lies in one of the stretches is said twice: once by array subscripts, which PostgreSQL computes before it plans and
-- so knows how many rows to expect.
-- $1 text or NULL: the name of one store, or all that the caller may see.  $2, $3 timestamp[]: first moments, and first moments
-- after.  $4 int8: how many products of each kind.
-- Columns: kind text (all, category, best, worst, falling), name text (of the category or product), sku text (products),
-- place int8 (products: 1 is first), span int4, units int8, revenue, discount, cost, price_effect int8 (US cents;
-- cost is NULL where it may not be read, price_effect where it is not of kind all).
WITH span AS (
  SELECT i::int4 AS span, lower_end, upper_end
  FROM unnest($2::timestamp[], $3::timestamp[]) WITH ORDINALITY AS s(lower_end, upper_end, i)
), line AS MATERIALIZED (
  SELECT s.span, i.product_id, sum(i.quantity) AS units, sum(i.total_amount) AS revenue, sum(i.discount_amount) AS discount
  FROM span AS s
  JOIN retail.orders AS o ON o.order_date >= s.lower_end AND o.order_date < s.upper_end
  JOIN retail.order_items AS i ON i.order_id = o.order_id AND i.store_id = o.store_id
  WHERE o.status = 'completed' AND ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
    AND (o.order_date >= ($2::timestamp[])[1] AND o.order_date < ($3::timestamp[])[1]
      OR o.order_date >= ($2::timestamp[])[2] AND o.order_date < ($3::timestamp[])[2]
      OR o.order_date >= ($2::timestamp[])[3] AND o.order_date < ($3::timestamp[])[3]
      OR o.order_date >= ($2::timestamp[])[4] AND o.order_date < ($3::timestamp[])[4])
  GROUP BY s.span, i.product_id
), priced AS (
  SELECT l.*, p.category_id, l.units * p.cost AS cost,
    f.revenue - f.units * (l.revenue / l.units) AS price_effect
  FROM line AS l
  JOIN retail.products AS p USING (product_id)
  LEFT JOIN line AS f ON f.span = 1 AND f.product_id = l.product_id
), summed AS (
  SELECT span, category_id, sum(units) AS units, sum(revenue) AS revenue, sum(discount) AS discount, sum(cost) AS cost,
    sum(price_effect) AS price_effect
  FROM priced
  GROUP BY GROUPING SETS ((span), (span, category_id))
), shelf AS (
  SELECT product_id FROM retail.inventory
  WHERE stock_level > 0 AND ($1::text IS NULL OR store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
  UNION
  SELECT product_id FROM line WHERE span IN (1, 3)
), standing AS (
  SELECT product_id, coalesce(f.revenue, 0) AS revenue, coalesce(y.revenue, 0) - coalesce(f.revenue, 0) AS loss
  FROM shelf
  LEFT JOIN (SELECT product_id, revenue FROM line WHERE span = 1) AS f USING (product_id)
  LEFT JOIN (SELECT product_id, revenue FROM line WHERE span = 3) AS y USING (product_id)
), ranked AS (
  SELECT product_id, revenue, loss,
    row_number() OVER (ORDER BY revenue DESC, product_id) AS best,
    row_number() OVER (ORDER BY revenue, loss DESC, product_id) AS worst,
    row_number() OVER (ORDER BY loss DESC, product_id) AS falling
  FROM standing
), chosen AS (
  SELECT k.kind, k.place, r.product_id
  FROM ranked AS r
  CROSS JOIN LATERAL (VALUES
    ('best', r.best, r.revenue > 0), ('worst', r.worst, true), ('falling', r.falling, r.loss > 0)) AS k(kind, place, fits)
  WHERE k.fits AND k.place <= $4
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
