-- The shop's rows, with the vectors of its products; never the stores, never who may see what.
TRUNCATE retail.order_items, retail.orders, retail.inventory, retail.customers,
  retail.product_description_embeddings, retail.products, retail.product_types, retail.categories;
