-- The stores, opening days counted from 2000-01-01.
SELECT store_id, name, region, is_online, created_at::date - DATE '2000-01-01'
FROM retail.stores
ORDER BY store_id
