-- Keeps everybody out of orders and their lines, and lets their owner read them. Needs: to be the owner, in a transaction.
LOCK TABLE retail.orders, retail.order_items IN ACCESS EXCLUSIVE MODE;
ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE retail.order_items NO FORCE ROW LEVEL SECURITY;
