-- Stock at risk today: products that ran out while they sold, and those that will in less than two weeks.
--
-- Today is the day of the newest order ($3). The pace of a product is what it sold in the 84 days before today, up to its
-- last sale; for one that is out, what it would have sold since then at that pace is what the empty shelf cost. A
-- product that sold fewer than four pieces in that time has no pace and is left out.
-- $1 text or NULL: the name of one store, or all that the caller may see.  $2 int8: most rows.  $3
-- timestamp: the newest order (performance_newest.sql); as a parameter PostgreSQL knows how many rows to expect.
-- Columns: (most money first) store, name, sku text, stock int4, pieces_a_week float8, cover_days float8 (stock by pace),
-- last_sold date, today date, days_out int4 (since the last sale; 0 while there is stock), at_risk int8 (US cents: lost
-- since it ran out, or what a week's sales are worth).
WITH sold AS (
  SELECT i.store_id, i.product_id, sum(i.quantity) AS units, sum(i.total_amount) AS revenue, max(o.order_date) AS last_sold
  FROM retail.orders AS o
  JOIN retail.order_items AS i ON i.order_id = o.order_id AND i.store_id = o.store_id
  WHERE o.order_date > $3::timestamp - interval '84 days' AND o.status <> 'pending' AND ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
  GROUP BY i.store_id, i.product_id
  HAVING sum(i.quantity) >= 4
), pace AS (
  SELECT s.*, v.stock_level, $3::timestamp AS today,
    s.units::numeric / selling.days AS a_day, s.revenue / selling.days AS revenue_a_day,
    $3::timestamp::date - s.last_sold::date AS days_since
  FROM sold AS s
  JOIN retail.inventory AS v ON v.store_id = s.store_id AND v.product_id = s.product_id
  CROSS JOIN LATERAL (
    SELECT CASE WHEN v.stock_level > 0 THEN 84 ELSE greatest(28, 84 - ($3::timestamp::date - s.last_sold::date)) END AS days
  ) AS selling
), risk AS (
  SELECT p.*, p.stock_level / p.a_day AS cover_days,
    CASE WHEN p.stock_level = 0 THEN p.revenue_a_day * p.days_since ELSE p.revenue_a_day * 7 END AS money
  FROM pace AS p
  WHERE p.stock_level < 14 * p.a_day
)
SELECT t.name AS store, a.name, a.sku, r.stock_level AS stock, round(r.a_day * 7, 1)::float8 AS pieces_a_week,
  round(r.cover_days, 1)::float8 AS cover_days, r.last_sold::date AS last_sold, r.today::date AS today,
  CASE WHEN r.stock_level = 0 THEN r.days_since ELSE 0 END AS days_out, (100 * r.money)::int8 AS at_risk
FROM risk AS r
JOIN retail.products AS a USING (product_id)
JOIN retail.stores AS t ON t.store_id = r.store_id
ORDER BY r.money DESC, a.sku, t.name
LIMIT $2
