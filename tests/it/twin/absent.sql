-- Nobody but the own store has any rows, and no other store and no other person exists.
DELETE FROM retail.order_items WHERE NOT (:own);
DELETE FROM retail.orders WHERE NOT (:own);
DELETE FROM retail.customers WHERE NOT (:own);
DELETE FROM retail.inventory WHERE NOT (:own);
DELETE FROM zava.principal_store WHERE NOT (:own);
DELETE FROM retail.stores WHERE NOT (:own);
DELETE FROM zava.principal WHERE login <> ':login';
