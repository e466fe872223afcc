-- The owner is bound by row security again, as unforce.sql found it.
ALTER TABLE retail.stores FORCE ROW LEVEL SECURITY;
ALTER TABLE retail.customers FORCE ROW LEVEL SECURITY;
ALTER TABLE retail.orders FORCE ROW LEVEL SECURITY;
ALTER TABLE retail.order_items FORCE ROW LEVEL SECURITY;
ALTER TABLE retail.inventory FORCE ROW LEVEL SECURITY;
