-- The words of the catalogue, made ready for product search whenever a product changes, so that no question has to read
-- the catalogue again.
--
-- A schema of its own, which the tools that describe tables leave out. Triggers keep it: it is never older than the
-- catalogue, whoever writes that. sql/queries/search_products.sql reads the same from the catalogue where there is no such
-- table.
CREATE SCHEMA zava_search;
COMMENT ON SCHEMA zava_search IS 'What product search has made ready, kept by triggers on the catalogue';

-- An index of stems that knows each rank already: a full-text index would have it computed for every hit of every question.
CREATE TABLE zava_search.product_words (
  stem       text COLLATE "C" NOT NULL,
  product_id uuid NOT NULL,
  rank       real NOT NULL,
  PRIMARY KEY (stem, product_id) INCLUDE (rank)
);
CREATE INDEX ON zava_search.product_words (product_id);
COMMENT ON TABLE zava_search.product_words IS 'The stems of each product''s name, description, type and category';
COMMENT ON COLUMN zava_search.product_words.rank IS 'ts_rank of the stem in that product, a word of its name counting most';

-- What is in no product any more stays here, and no search minds: it has no stem left.
CREATE TABLE zava_search.words (
  word text COLLATE "C" PRIMARY KEY,
  stem text COLLATE "C"
);
COMMENT ON TABLE zava_search.words IS 'Words as the catalogue writes them, for questions that misspell them';
COMMENT ON COLUMN zava_search.words.stem IS 'What full-text search makes of it; NULL where it leaves the word out';

-- Makes the words of some products anew. One at a time: what the planner does for one is right for any number of them.
CREATE FUNCTION zava_search.read_words(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  id uuid;
BEGIN
  FOREACH id IN ARRAY ids LOOP
    DELETE FROM zava_search.product_words WHERE product_id = id;

    INSERT INTO zava_search.product_words (stem, product_id, rank)
    SELECT s.lexeme, a.product_id,
      ts_rank('{0.1,0.3,0.5,1.0}', a.words, ('''' || replace(replace(s.lexeme, '\', '\\'), '''', '''''') || '''')::tsquery)
    FROM (
      SELECT p.product_id, setweight(to_tsvector('english', p.name), 'A')
        || setweight(to_tsvector('english', p.description), 'C')
        || setweight(to_tsvector('english', y.type_name || ' ' || c.category_name), 'B') AS words
      FROM retail.products AS p
      JOIN retail.product_types AS y USING (product_type_id)
      JOIN retail.categories AS c ON c.category_id = y.category_id
      WHERE p.product_id = id
      OFFSET 0) AS a -- else computed again for each of its stems
    CROSS JOIN LATERAL unnest(a.words) AS s;

    INSERT INTO zava_search.words (word, stem)
    SELECT w.word, (ts_lexize('english_stem', w.word))[1]
    FROM (
      SELECT DISTINCT regexp_split_to_table(lower(concat_ws(' ', p.name, p.description, y.type_name, c.category_name)),
        '[^[:alpha:]]+') AS word
      FROM retail.products AS p
      JOIN retail.product_types AS y USING (product_type_id)
      JOIN retail.categories AS c ON c.category_id = y.category_id
      WHERE p.product_id = id) AS w
    WHERE length(w.word) BETWEEN 4 AND 30
    ORDER BY w.word
    ON CONFLICT DO NOTHING;
  END LOOP;
END $$;

-- One trigger function for each kind of change, because each sees other rows. They run as the owner: whoever may change
-- the catalogue need not be let in here.
CREATE FUNCTION zava_search.products_came() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM zava_search.read_words(ARRAY(SELECT product_id FROM came));
  RETURN NULL;
END $$;

CREATE FUNCTION zava_search.products_went() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM zava_search.product_words WHERE product_id IN (SELECT product_id FROM went);
  RETURN NULL;
END $$;

CREATE FUNCTION zava_search.products_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM zava_search.read_words(ARRAY(
    SELECT product_id FROM (
      SELECT product_id, name, description, product_type_id FROM went
      EXCEPT SELECT product_id, name, description, product_type_id FROM came) AS t
    UNION
    SELECT product_id FROM (
      SELECT product_id, name, description, product_type_id FROM came
      EXCEPT SELECT product_id, name, description, product_type_id FROM went) AS t));
  RETURN NULL;
END $$;

CREATE FUNCTION zava_search.kinds_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'categories' THEN
    PERFORM zava_search.read_words(ARRAY(
      SELECT p.product_id FROM retail.products AS p JOIN retail.product_types AS y USING (product_type_id)
      JOIN came ON came.category_id = y.category_id));
  ELSE
    PERFORM zava_search.read_words(ARRAY(
      SELECT p.product_id FROM retail.products AS p JOIN came USING (product_type_id)));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION zava_search.catalogue_emptied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  TRUNCATE zava_search.product_words, zava_search.words;
  RETURN NULL;
END $$;

CREATE TRIGGER words_of_new AFTER INSERT ON retail.products
  REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION zava_search.products_came();
CREATE TRIGGER words_of_changed AFTER UPDATE ON retail.products
  REFERENCING OLD TABLE AS went NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION zava_search.products_changed();
CREATE TRIGGER words_of_gone AFTER DELETE ON retail.products
  REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION zava_search.products_went();
CREATE TRIGGER words_of_none AFTER TRUNCATE ON retail.products
  FOR EACH STATEMENT EXECUTE FUNCTION zava_search.catalogue_emptied();
CREATE TRIGGER words_of_renamed AFTER UPDATE ON retail.product_types
  REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION zava_search.kinds_changed();
CREATE TRIGGER words_of_renamed AFTER UPDATE ON retail.categories
  REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION zava_search.kinds_changed();

REVOKE ALL ON FUNCTION zava_search.read_words(uuid[]), zava_search.products_came(), zava_search.products_went(),
  zava_search.products_changed(), zava_search.kinds_changed(), zava_search.catalogue_emptied() FROM PUBLIC;

-- the products that are there
SELECT zava_search.read_words(ARRAY(SELECT product_id FROM retail.products));

-- the index that this replaces
DROP INDEX retail.products_words;

-- Article numbers by their letters and digits, and without the zeros before their final number.
CREATE INDEX products_number ON retail.products ((regexp_replace(upper(sku), '[^A-Z0-9]', '', 'g') COLLATE "C"));
CREATE INDEX products_short_number ON retail.products
  ((regexp_replace(regexp_replace(upper(sku), '[^A-Z0-9]', '', 'g'), '(^|[^0-9])0+([0-9]+)$', '\1\2') COLLATE "C"));

-- The same for everybody, like the catalogue that it is made of.
GRANT USAGE ON SCHEMA zava_search TO zava_head_office, zava_regional, zava_manager;
GRANT SELECT ON zava_search.product_words, zava_search.words TO zava_head_office, zava_regional, zava_manager;
