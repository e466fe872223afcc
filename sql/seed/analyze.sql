-- Counts for the planner, so that the first question has a good plan.
ANALYZE retail.categories, retail.product_types, retail.products, retail.customers, retail.orders, retail.order_items,
  retail.inventory;
