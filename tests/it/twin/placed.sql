-- Where rows lie: one's own in the order of their keys, and others' rows before, after or between them.
-- :order is an expression over :own (whether a row is one's own), or nothing.
CREATE INDEX placed ON retail.stores (:order store_id);
CLUSTER retail.stores USING placed;
DROP INDEX retail.placed;
CREATE INDEX placed ON retail.customers (:order customer_id, store_id);
CLUSTER retail.customers USING placed;
DROP INDEX retail.placed;
CREATE INDEX placed ON retail.orders (:order order_id);
CLUSTER retail.orders USING placed;
DROP INDEX retail.placed;
CREATE INDEX placed ON retail.order_items (:order order_item_id);
CLUSTER retail.order_items USING placed;
DROP INDEX retail.placed;
CREATE INDEX placed ON retail.inventory (:order product_id, store_id);
CLUSTER retail.inventory USING placed;
DROP INDEX retail.placed;
