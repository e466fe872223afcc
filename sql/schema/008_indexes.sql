-- Indexes for the questions that shops ask: a store over time, a product in a store, a customer's orders, an order's lines.
CREATE INDEX ON retail.product_types (category_id);
CREATE INDEX ON retail.products (category_id);
CREATE INDEX ON retail.products (product_type_id);
CREATE INDEX ON retail.customers (store_id);
CREATE INDEX ON retail.orders (store_id, order_date);
CREATE INDEX ON retail.orders (order_date);
CREATE INDEX ON retail.orders (customer_id);
CREATE INDEX ON retail.order_items (order_id);
CREATE INDEX ON retail.order_items (store_id, product_id);
CREATE INDEX ON retail.order_items (product_id);
CREATE INDEX ON retail.inventory (product_id);
