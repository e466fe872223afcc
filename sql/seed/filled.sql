-- Tables of the shop that have rows.
SELECT 'categories' AS filled WHERE EXISTS (SELECT FROM retail.categories)
UNION ALL SELECT 'products' WHERE EXISTS (SELECT FROM retail.products)
UNION ALL SELECT 'customers' WHERE EXISTS (SELECT FROM retail.customers)
UNION ALL SELECT 'orders' WHERE EXISTS (SELECT FROM retail.orders)
UNION ALL SELECT 'inventory' WHERE EXISTS (SELECT FROM retail.inventory)
