-- What the shop sells: the same for every identity, readable by all of them.
CREATE SCHEMA retail;
COMMENT ON SCHEMA retail IS 'The Zava shop: stores, customers, catalogue, orders and stock';

CREATE TABLE retail.categories (
  category_id   uuid PRIMARY KEY,
  category_name text NOT NULL UNIQUE
);
COMMENT ON TABLE retail.categories IS 'The nine departments of the catalogue';
COMMENT ON COLUMN retail.categories.category_name IS 'Department as customers know it, e.g. Garden & Outdoor';

CREATE TABLE retail.product_types (
  product_type_id uuid PRIMARY KEY,
  category_id     uuid NOT NULL REFERENCES retail.categories,
  type_name       text NOT NULL,
  UNIQUE (category_id, type_name),
  UNIQUE (product_type_id, category_id)
);
COMMENT ON TABLE retail.product_types IS 'Kinds of product within a category';
COMMENT ON COLUMN retail.product_types.type_name IS 'Kind of product, e.g. Hammers; unique within its category';

CREATE TABLE retail.products (
  product_id           uuid PRIMARY KEY,
  sku                  text NOT NULL UNIQUE,
  name                 text NOT NULL,
  description          text NOT NULL,
  category_id          uuid NOT NULL REFERENCES retail.categories,
  product_type_id      uuid NOT NULL,
  cost                 numeric(10, 2) NOT NULL CHECK (cost > 0),
  base_price           numeric(10, 2) NOT NULL CHECK (base_price > 0),
  gross_margin_percent numeric(5, 2) NOT NULL
    GENERATED ALWAYS AS (round((base_price - cost) / base_price * 100, 2)) STORED,
  created_at           timestamp NOT NULL,
  FOREIGN KEY (product_type_id, category_id) REFERENCES retail.product_types (product_type_id, category_id)
);
COMMENT ON TABLE retail.products IS 'The catalogue, the same in every store';
COMMENT ON COLUMN retail.products.sku IS 'Article number printed on the shelf, e.g. HT-HAM-016';
COMMENT ON COLUMN retail.products.name IS 'Name on the shelf label';
COMMENT ON COLUMN retail.products.description IS 'What it is and what it is good for, two or three sentences';
COMMENT ON COLUMN retail.products.cost IS 'What Zava pays for one piece today, US dollars';
COMMENT ON COLUMN retail.products.base_price IS 'List price of one piece today, US dollars; order_items.unit_price is what was charged';
COMMENT ON COLUMN retail.products.gross_margin_percent IS 'Share of the list price that is not cost, percent';
COMMENT ON COLUMN retail.products.created_at IS 'When it entered the catalogue, local time (Pacific)';

CREATE TABLE retail.product_description_embeddings (
  product_id            uuid NOT NULL REFERENCES retail.products ON DELETE CASCADE,
  model                 text NOT NULL,
  description_embedding public.vector NOT NULL,
  source_hash           bytea NOT NULL CHECK (length(source_hash) = 32),
  last_updated          timestamp NOT NULL,
  PRIMARY KEY (product_id, model)
);
COMMENT ON TABLE retail.product_description_embeddings IS
  'Meaning of product descriptions as vectors, for semantic_search_products; empty until an embedding model is set up';
COMMENT ON COLUMN retail.product_description_embeddings.model IS 'Model that made the vector; vectors of two models do not compare';
COMMENT ON COLUMN retail.product_description_embeddings.description_embedding IS 'The vector; <=> is cosine distance';
COMMENT ON COLUMN retail.product_description_embeddings.source_hash IS 'SHA-256 of the text that was embedded';
COMMENT ON COLUMN retail.product_description_embeddings.last_updated IS 'When the vector was made, UTC';
