-- Two seedings at once would both find the shop empty.
LOCK TABLE retail.categories, retail.products, retail.customers, retail.orders, retail.order_items, retail.inventory
  IN SHARE ROW EXCLUSIVE MODE;
