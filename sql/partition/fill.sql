-- Moves the rows into the partitioned tables and gives those their keys. Needs: split.sql and months.sql before it.
INSERT INTO retail.orders SELECT * FROM retail.orders_whole;
INSERT INTO retail.order_items
SELECT i.*, o.order_date FROM retail.order_items_whole AS i JOIN retail.orders_whole AS o USING (order_id, store_id);
DROP TABLE retail.order_items_whole, retail.orders_whole;
ALTER TABLE retail.orders ADD PRIMARY KEY (order_id, store_id, order_date);
ALTER TABLE retail.order_items ADD PRIMARY KEY (order_item_id, store_id, order_date);
