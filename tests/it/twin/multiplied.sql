-- Every other store's row stands there four times, and so does everybody else in the mapping.
CREATE TEMP TABLE times AS SELECT n FROM generate_series(1, 3) AS n;
CREATE TEMP TABLE c AS
  SELECT gen_random_uuid() AS id, n, customer_id AS old FROM retail.customers, times WHERE NOT (:own);
INSERT INTO retail.customers
  SELECT c.id, o.store_id, o.first_name, o.last_name, c.n || o.email, o.phone, o.created_at
  FROM retail.customers AS o JOIN c ON c.old = o.customer_id;
CREATE TEMP TABLE r AS SELECT gen_random_uuid() AS id, n, order_id AS old FROM retail.orders, times WHERE NOT (:own);
INSERT INTO retail.orders
  SELECT r.id, c.id, o.store_id, o.order_date, o.total_amount, o.status
  FROM retail.orders AS o JOIN r ON r.old = o.order_id JOIN c ON c.old = o.customer_id AND c.n = r.n;
INSERT INTO retail.order_items
  SELECT gen_random_uuid(), r.id, i.store_id, i.product_id, i.quantity, i.unit_price, i.discount_percent,
    i.discount_amount, i.total_amount
  FROM retail.order_items AS i JOIN r ON r.old = i.order_id;
INSERT INTO zava.principal
  SELECT p.login || '_' || n, gen_random_uuid(), p.kind, p.title FROM zava.principal AS p, times WHERE p.login <> ':login';
INSERT INTO zava.principal_store
  SELECT s.login || '_' || n, s.store_id FROM zava.principal_store AS s, times WHERE s.login <> ':login';
DROP TABLE times, c, r;
