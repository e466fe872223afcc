-- The text of each product that is embedded; a change here needs a new recipe (src/embeddings/space.rs).
  SELECT p.product_id,
    format('%s. %s > %s. %s', p.name, initcap(c.category_name), initcap(y.type_name), p.description) AS text
  FROM retail.products AS p
  JOIN retail.product_types AS y USING (product_type_id)
  JOIN retail.categories AS c ON c.category_id = p.category_id
