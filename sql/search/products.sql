-- How many products there are.
--
-- Columns: (one row) number int8.
SELECT count(*) AS number FROM retail.products
