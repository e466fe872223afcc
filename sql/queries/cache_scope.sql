-- Who asks, and everything that decides what they see, as one text; and what time it is in the shop.
--
-- An answer is given again only under the same scope: the same login on the same running server and database, with the
-- same stores, rights, policies and tables. Rows that change are not part of it; the age of an answer bounds that.
-- Columns: (one row) scope text (a hexadecimal SHA-256), now timestamp (Pacific).
SELECT
  encode(sha256(convert_to(concat_ws(' ',
    session_user, r.oid, d.oid, pg_postmaster_start_time(),
    (SELECT string_agg(m.roleid::text, ',' ORDER BY m.roleid) FROM pg_auth_members AS m WHERE m.member = r.oid),
    (SELECT string_agg(concat_ws(':', c.oid, c.relrowsecurity, c.relforcerowsecurity, c.relacl, a.columns), ',' ORDER BY c.oid)
     FROM pg_class AS c
     CROSS JOIN LATERAL (
       SELECT string_agg(concat_ws(':', a.attname, a.atttypid, a.attacl), ',' ORDER BY a.attnum) AS columns
       FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS a
     WHERE c.relnamespace = 'retail'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')),
    (SELECT string_agg(concat_ws(':', p.oid, p.polpermissive, p.polroles, p.polqual), ',' ORDER BY p.oid)
     FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid WHERE c.relnamespace = 'retail'::regnamespace),
    (SELECT string_agg(concat_ws(':', s.store_id, EXISTS (SELECT FROM retail.inventory AS i WHERE i.store_id = s.store_id)),
       ',' ORDER BY s.store_id)
     FROM retail.stores AS s)
  ), 'UTF8')), 'hex') AS scope,
  (now() AT TIME ZONE 'America/Los_Angeles')::timestamp AS now
FROM pg_roles AS r
JOIN pg_database AS d ON d.datname = current_database()
WHERE r.rolname = session_user
