-- Puts partitioned tables in the place of orders and their lines, empty so far. Needs: open.sql before it.
--
-- Lines get the date of their order, for PostgreSQL leaves out months only by a column of the table itself. The key of a
-- partitioned table contains what it is partitioned by.
ALTER TABLE retail.orders RENAME TO orders_whole;
ALTER TABLE retail.order_items RENAME TO order_items_whole;

CREATE TABLE retail.orders (
  LIKE retail.orders_whole INCLUDING COMMENTS INCLUDING CONSTRAINTS INCLUDING DEFAULTS INCLUDING STORAGE
) PARTITION BY RANGE (order_date);
COMMENT ON TABLE retail.orders IS 'Orders: one purchase of one customer in one store. Partitioned by month of order_date';
CREATE TABLE retail.order_items (
  LIKE retail.order_items_whole INCLUDING COMMENTS INCLUDING CONSTRAINTS INCLUDING DEFAULTS INCLUDING STORAGE,
  order_date timestamp NOT NULL
) PARTITION BY RANGE (order_date);
COMMENT ON TABLE retail.order_items IS
  'Lines of orders. Partitioned by month of order_date: join orders by order_id, store_id and order_date';
COMMENT ON COLUMN retail.order_items.order_date IS 'order_date of its order, repeated here so that a period reads its months only';

CREATE TABLE retail.orders_default PARTITION OF retail.orders DEFAULT;
CREATE TABLE retail.order_items_default PARTITION OF retail.order_items DEFAULT;
