-- Promotions of a stretch of time, by category and by type: what their discounted days brought, and ordinary days around.
--
-- A day is one of a promotion when at least half of the lines, and three or more, were discounted. Ordinary days are the
-- others, from 28 days before the stretch to 28 days after it. Cost is today's; where the login may not read it, the
-- server reads NULL in its place.
--
-- Lines are summed up by product and day before products are joined to them: on partitioned tables PostgreSQL expects far too few.
-- $1 text or NULL: the name of one store, or all that the caller may see.  $2 timestamp: first moment.  $3 timestamp: the
-- first moment after.
-- Columns: (a row for each category or type with a promotion) category text, product_type text (NULL: the whole category),
-- first_day date, last_day date, days int8, ordinary_days int8, lines int8, discount_percent float8 (of list value),
-- revenue, cost int8 (US cents, of the promotion's days), ordinary_revenue, ordinary_cost int8 (US cents).
WITH sold AS (
  SELECT i.product_id, o.order_date::date AS day, o.order_date >= $2 AND o.order_date < $3 AS asked,
    count(*) AS lines, count(*) FILTER (WHERE i.discount_percent > 0) AS discounted,
    sum(i.total_amount) AS revenue, sum(i.discount_amount) AS discount, sum(i.quantity) AS units
  FROM retail.orders AS o
  JOIN retail.order_items AS i ON i.order_id = o.order_id AND i.store_id = o.store_id
  WHERE o.order_date >= $2 - interval '28 days' AND o.order_date < $3 + interval '28 days' AND o.status = 'completed'
    AND ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
  GROUP BY 1, 2, 3
), day AS (
  SELECT p.category_id, p.product_type_id, s.day, s.asked, sum(s.lines) AS lines, sum(s.discounted) AS discounted,
    sum(s.revenue) AS revenue, sum(s.discount) AS discount, sum(s.units * p.cost) AS cost
  FROM sold AS s
  JOIN retail.products AS p USING (product_id)
  GROUP BY GROUPING SETS ((1, 3, 4), (1, 2, 3, 4))
), marked AS (
  SELECT *, discounted >= 3 AND discounted * 2 >= lines AS promoted
  FROM day
), compared AS (
  SELECT category_id, product_type_id,
    min(day) FILTER (WHERE promoted AND asked) AS first_day, max(day) FILTER (WHERE promoted AND asked) AS last_day,
    count(*) FILTER (WHERE promoted AND asked) AS days, count(*) FILTER (WHERE NOT promoted) AS ordinary_days,
    sum(lines) FILTER (WHERE promoted AND asked) AS lines,
    sum(discount) FILTER (WHERE promoted AND asked) AS discount,
    sum(revenue) FILTER (WHERE promoted AND asked) AS revenue, sum(cost) FILTER (WHERE promoted AND asked) AS cost,
    sum(revenue) FILTER (WHERE NOT promoted) AS ordinary_revenue, sum(cost) FILTER (WHERE NOT promoted) AS ordinary_cost
  FROM marked
  GROUP BY category_id, product_type_id
)
SELECT k.category_name AS category, y.type_name AS product_type, c.first_day, c.last_day, c.days, c.ordinary_days,
  c.lines::int8 AS lines, round(100 * c.discount / (c.revenue + c.discount), 1)::float8 AS discount_percent,
  (100 * c.revenue)::int8 AS revenue, (100 * c.cost)::int8 AS cost,
  (100 * coalesce(c.ordinary_revenue, 0))::int8 AS ordinary_revenue, (100 * c.ordinary_cost)::int8 AS ordinary_cost
FROM compared AS c
JOIN retail.categories AS k USING (category_id)
LEFT JOIN retail.product_types AS y ON y.product_type_id = c.product_type_id
WHERE c.days > 0
ORDER BY c.revenue DESC, k.category_name, y.type_name NULLS FIRST
