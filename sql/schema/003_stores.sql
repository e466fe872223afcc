-- The eight stores and what happens in them. Every key contains store_id: a row belongs to exactly one store, the
-- database itself keeps lines, orders and customers in the same one, and the tables can be distributed by it.
CREATE TABLE retail.stores (
  store_id   uuid PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  location   text NOT NULL,
  region     text NOT NULL,
  manager_id uuid NOT NULL UNIQUE,
  is_online  boolean NOT NULL DEFAULT false,
  created_at timestamp NOT NULL
);
COMMENT ON TABLE retail.stores IS 'Stores; you see those whose rows you may see';
COMMENT ON COLUMN retail.stores.name IS 'Store name, e.g. Zava Retail Seattle';
COMMENT ON COLUMN retail.stores.location IS 'City and state; Online for the web shop';
COMMENT ON COLUMN retail.stores.region IS 'Puget Sound, Eastern Washington or Online';
COMMENT ON COLUMN retail.stores.manager_id IS 'RLS user id of the store manager';
COMMENT ON COLUMN retail.stores.is_online IS 'True for the web shop';
COMMENT ON COLUMN retail.stores.created_at IS 'Opening day, local time (Pacific)';

CREATE TABLE retail.customers (
  customer_id uuid NOT NULL,
  store_id    uuid NOT NULL REFERENCES retail.stores,
  first_name  text NOT NULL,
  last_name   text NOT NULL,
  email       text NOT NULL,
  phone       text,
  created_at  timestamp NOT NULL,
  PRIMARY KEY (customer_id, store_id)
);
COMMENT ON TABLE retail.customers IS 'Customers, each of one store';
COMMENT ON COLUMN retail.customers.store_id IS 'The store the customer belongs to and buys in';
COMMENT ON COLUMN retail.customers.email IS 'Unique e-mail address';
COMMENT ON COLUMN retail.customers.created_at IS 'When the customer registered, local time (Pacific)';

CREATE TABLE retail.orders (
  order_id     uuid NOT NULL,
  customer_id  uuid NOT NULL,
  store_id     uuid NOT NULL REFERENCES retail.stores,
  order_date   timestamp NOT NULL,
  total_amount numeric(12, 2) NOT NULL CHECK (total_amount >= 0),
  status       text NOT NULL CHECK (status IN ('completed', 'returned', 'pending')),
  PRIMARY KEY (order_id, store_id),
  FOREIGN KEY (customer_id, store_id) REFERENCES retail.customers (customer_id, store_id)
);
COMMENT ON TABLE retail.orders IS 'Orders: one purchase of one customer in one store';
COMMENT ON COLUMN retail.orders.order_date IS 'When it was placed, local time of the shop (Pacific, no time zone)';
COMMENT ON COLUMN retail.orders.total_amount IS 'Sum of its lines after discounts, US dollars';
COMMENT ON COLUMN retail.orders.status IS
  'completed; returned: everything was brought back and refunded; pending: placed, not yet handed over';

CREATE TABLE retail.order_items (
  order_item_id    uuid NOT NULL,
  order_id         uuid NOT NULL,
  store_id         uuid NOT NULL,
  product_id       uuid NOT NULL REFERENCES retail.products,
  quantity         integer NOT NULL CHECK (quantity > 0),
  unit_price       numeric(10, 2) NOT NULL CHECK (unit_price > 0),
  discount_percent integer NOT NULL DEFAULT 0 CHECK (discount_percent BETWEEN 0 AND 100),
  discount_amount  numeric(10, 2) NOT NULL DEFAULT 0 CHECK (discount_amount >= 0),
  total_amount     numeric(12, 2) NOT NULL CHECK (total_amount = round(unit_price * quantity - discount_amount, 2)),
  PRIMARY KEY (order_item_id, store_id),
  FOREIGN KEY (order_id, store_id) REFERENCES retail.orders (order_id, store_id) ON DELETE CASCADE
);
COMMENT ON TABLE retail.order_items IS 'Lines of orders';
COMMENT ON COLUMN retail.order_items.store_id IS 'Store of the order, repeated here so that reports by store need no join';
COMMENT ON COLUMN retail.order_items.quantity IS 'Pieces';
COMMENT ON COLUMN retail.order_items.unit_price IS 'Price of one piece on the day, before the discount, US dollars';
COMMENT ON COLUMN retail.order_items.discount_percent IS 'Discount of a promotion, percent of unit_price * quantity; 0 for none';
COMMENT ON COLUMN retail.order_items.discount_amount IS 'The discount in US dollars';
COMMENT ON COLUMN retail.order_items.total_amount IS 'unit_price * quantity - discount_amount, US dollars';

CREATE TABLE retail.inventory (
  store_id      uuid NOT NULL REFERENCES retail.stores,
  product_id    uuid NOT NULL REFERENCES retail.products ON DELETE CASCADE,
  stock_level   integer NOT NULL CHECK (stock_level >= 0),
  reorder_level integer NOT NULL CHECK (reorder_level >= 0),
  updated_at    timestamp NOT NULL,
  PRIMARY KEY (store_id, product_id)
);
COMMENT ON TABLE retail.inventory IS 'Stock of each product in each store today';
COMMENT ON COLUMN retail.inventory.stock_level IS 'Pieces on hand';
COMMENT ON COLUMN retail.inventory.reorder_level IS 'Order again when stock_level falls to this';
COMMENT ON COLUMN retail.inventory.updated_at IS 'Last count, local time (Pacific)';
