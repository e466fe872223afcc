-- Row security as on every table with store data, the right to read the new column, and counts for the planner.
ALTER TABLE retail.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE retail.order_items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT (order_date) ON retail.order_items TO zava_head_office, zava_regional, zava_manager;
ANALYZE retail.orders, retail.order_items;
