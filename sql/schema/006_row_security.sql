-- What you may see.
--
-- zava_read and zava_all open a table to the groups; zava_own_* (RESTRICTIVE: ANDed with everything) close it again to
-- the stores of the login. No permissive policy, old or new, can undo a restrictive one. FORCE: the owner is bound too.
-- One role and one policy for each kind of person, never OR in one policy: an OR costs the index.
DO $policies$
DECLARE
  store_table text;
BEGIN
  FOREACH store_table IN ARRAY ARRAY['stores', 'customers', 'orders', 'order_items', 'inventory'] LOOP
    EXECUTE format('ALTER TABLE retail.%I ENABLE ROW LEVEL SECURITY', store_table);
    EXECUTE format('ALTER TABLE retail.%I FORCE ROW LEVEL SECURITY', store_table);
    EXECUTE format('CREATE POLICY zava_read ON retail.%I AS PERMISSIVE FOR SELECT
                    TO zava_regional, zava_manager USING (true)', store_table);
    EXECUTE format('CREATE POLICY zava_all ON retail.%I AS PERMISSIVE FOR SELECT
                    TO zava_head_office USING ((SELECT zava.is_head_office()))', store_table);
    EXECUTE format('CREATE POLICY zava_own_store ON retail.%I AS RESTRICTIVE FOR SELECT
                    TO zava_manager USING (store_id = (SELECT zava.my_store()))', store_table);
    EXECUTE format('CREATE POLICY zava_own_region ON retail.%I AS RESTRICTIVE FOR SELECT
                    TO zava_regional USING (store_id = ANY (ARRAY(SELECT unnest(zava.my_region()))))', store_table);
  END LOOP;
END
$policies$;

-- Reading is all that anybody gets, on the tables named here; what is added later is closed until it is granted.
GRANT SELECT ON
  retail.stores, retail.customers, retail.categories, retail.product_types, retail.products, retail.orders,
  retail.order_items, retail.inventory, retail.product_description_embeddings
  TO zava_head_office, zava_regional, zava_manager;
ALTER DEFAULT PRIVILEGES FOR ROLE zava_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
