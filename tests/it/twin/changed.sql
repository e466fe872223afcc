-- Every value of other stores' rows is another one, where the keys allow it.
UPDATE retail.stores SET name = reverse(name) || ' elsewhere', location = 'Nowhere', region = 'Other region',
  manager_id = gen_random_uuid(), is_online = NOT is_online, created_at = created_at - interval '1000 days'
WHERE NOT (:own);
UPDATE retail.customers SET first_name = upper(reverse(first_name)), last_name = last_name || last_name,
  email = 'x' || md5(email) || '@example.org', phone = NULL, created_at = created_at + interval '77 days'
WHERE NOT (:own);
UPDATE retail.order_items SET quantity = quantity + 40, unit_price = 7777.77, discount_percent = 99, discount_amount = 0.01,
  total_amount = 7777.77 * (quantity + 40) - 0.01
WHERE NOT (:own);
UPDATE retail.orders SET total_amount = total_amount + 100000, order_date = order_date - interval '400 days',
  status = CASE status WHEN 'returned' THEN 'completed' ELSE 'returned' END
WHERE NOT (:own);
UPDATE retail.inventory SET stock_level = stock_level + 100000, reorder_level = 0, updated_at = '1999-01-01' WHERE NOT (:own);
UPDATE zava.principal SET rls_user_id = gen_random_uuid(), title = 'Somebody elsewhere' WHERE login <> ':login';
