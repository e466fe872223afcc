-- Promotions of a stretch of time, by category: what its discounted days brought, and ordinary days around them.
--
-- A day is one of a promotion in a category when at least half of its lines there, and three or more, were discounted.
-- Ordinary days are the others, from 28 days before the stretch to 28 days after it. Cost is today's; where the login may
-- not read it, the server reads NULL in its place.
-- $1 text or NULL: the name of one store, or all that the caller may see.  $2 timestamp: first moment.  $3 timestamp: first moment
-- after.
-- Columns, a row for each category with a promotion: category text, first_day date, last_day date, days int8,
-- ordinary_days int8, lines int8, discount_percent float8 (of list value), revenue, cost text (US dollars of the
-- promotion's days), ordinary_revenue, ordinary_cost text (US dollars of the ordinary days).
WITH day AS (
  SELECT p.category_id, o.order_date::date AS day, o.order_date >= $2 AND o.order_date < $3 AS asked, count(*) AS lines,
    count(*) FILTER (WHERE i.discount_percent > 0) AS discounted,
    sum(i.total_amount) AS revenue, sum(i.discount_amount) AS discount, sum(i.quantity * p.cost) AS cost
  FROM retail.orders AS o
  JOIN retail.order_items AS i ON i.order_id = o.order_id AND i.store_id = o.store_id
  JOIN retail.products AS p ON p.product_id = i.product_id
  WHERE o.order_date >= $2::timestamp - interval '28 days' AND o.order_date < $3::timestamp + interval '28 days'
    AND o.status = 'completed' AND ($1::text IS NULL OR o.store_id = (SELECT t.store_id FROM retail.stores AS t WHERE t.name = $1))
  GROUP BY p.category_id, day, asked
), marked AS (
  SELECT *, discounted >= 3 AND discounted * 2 >= lines AS promoted
  FROM day
), compared AS (
  SELECT category_id,
    min(day) FILTER (WHERE promoted AND asked) AS first_day, max(day) FILTER (WHERE promoted AND asked) AS last_day,
    count(*) FILTER (WHERE promoted AND asked) AS days, count(*) FILTER (WHERE NOT promoted) AS ordinary_days,
    sum(lines) FILTER (WHERE promoted AND asked) AS lines,
    sum(discount) FILTER (WHERE promoted AND asked) AS discount,
    sum(revenue) FILTER (WHERE promoted AND asked) AS revenue, sum(cost) FILTER (WHERE promoted AND asked) AS cost,
    sum(revenue) FILTER (WHERE NOT promoted) AS ordinary_revenue, sum(cost) FILTER (WHERE NOT promoted) AS ordinary_cost
  FROM marked
  GROUP BY category_id
)
SELECT k.category_name AS category, c.first_day, c.last_day, c.days, c.ordinary_days, c.lines::int8 AS lines,
  round(100 * c.discount / (c.revenue + c.discount), 1)::float8 AS discount_percent,
  c.revenue::text AS revenue, c.cost::text AS cost,
  coalesce(c.ordinary_revenue, 0)::text AS ordinary_revenue, c.ordinary_cost::text AS ordinary_cost
FROM compared AS c
JOIN retail.categories AS k USING (category_id)
WHERE c.days > 0
ORDER BY c.revenue DESC, k.category_name
