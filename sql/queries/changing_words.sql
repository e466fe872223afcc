-- Those of the words $1 that name something whose value may change although no row does.
--
-- $1: words of a query and of its plan, in lower case. A word counts whatever it is used for: no parser is asked.
-- Functions count by name when one of that name is volatile, or stable. Of the stable ones PostgreSQL's own functions with
-- arguments, written in C, do not count, because they depend on their arguments and on settings that every query here has
-- alike (to_char, date_trunc), and those of schema zava, which depend on the login. Views count, because what is in them
-- may not show in a plan. The standard's words for time and the words that a date is read from are no functions. A cast or
-- operator with such a function has no name to look for, so one of them, made by anybody, counts for every query.
-- Columns: word text.
SELECT w.word
FROM unnest($1::text[]) AS w (word)
WHERE w.word = ANY ('{current_date,current_time,current_timestamp,localtime,localtimestamp,today,tomorrow,yesterday}')
  OR EXISTS (
    SELECT FROM pg_proc AS p
    WHERE lower(p.proname) = w.word
      AND (p.provolatile = 'v'
        OR p.provolatile = 's' AND p.pronamespace IS DISTINCT FROM to_regnamespace('zava')
          AND (p.oid >= 16384 OR p.pronargs = 0 OR p.prolang <> 12)))
  OR EXISTS (SELECT FROM pg_class AS c WHERE lower(c.relname) = w.word AND c.relkind IN ('v', 'm', 'f'))
UNION ALL
SELECT 'a cast'
FROM pg_cast AS c JOIN pg_proc AS p ON p.oid = c.castfunc
WHERE c.oid >= 16384 AND p.provolatile <> 'i'
UNION ALL
SELECT 'an operator'
FROM pg_operator AS o JOIN pg_proc AS p ON p.oid = o.oprcode
WHERE o.oid >= 16384 AND p.provolatile <> 'i'
LIMIT 10
