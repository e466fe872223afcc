//! Every value comes back exactly as PostgreSQL's own text says, whatever its type, and as valid JSON.
//!
//! The other side of the comparison is PostgreSQL's text protocol as the owner: no cast, no decoder.

use serde_json::{Value, json};
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, SEATTLE};
use crate::throw_away::block_on;

const TYPES: &str = "
    CREATE TYPE retail.mood AS ENUM ('glad', 'so-so', '');
    CREATE TYPE retail.pair AS (n numeric, t text);
    CREATE TYPE retail.nested AS (p retail.pair, ps retail.pair[]);
    CREATE TYPE retail.price_range AS RANGE (subtype = numeric);
    CREATE DOMAIN retail.cents AS bigint CHECK (VALUE >= 0);
    CREATE DOMAIN retail.sku AS varchar(20);
    CREATE DOMAIN retail.code AS char(6);
    CREATE DOMAIN retail.address AS inet;
    CREATE DOMAIN retail.pairs AS retail.pair[];";

const VALUES: &[&str] = &[
    // numbers
    "repeat('1234567890', 50)::numeric",
    "('0.' || repeat('0', 300) || '1')::numeric",
    "(-1e-20)::numeric",
    "3.10::numeric",
    "0.00::numeric(10,2)",
    "99999999.99::numeric(10,2)",
    "(-12345)::numeric(5,-2)",
    "'NaN'::numeric",
    "'Infinity'::numeric",
    "'-Infinity'::numeric",
    "'NaN'::numeric(10,2)",
    "9007199254740992::bigint",
    "9007199254740993::bigint",
    "(-9007199254740993)::bigint",
    "9223372036854775807::bigint",
    "(-9223372036854775808)::bigint",
    "(-32768)::smallint",
    "-2147483648",
    "0.1::float8",
    "1e300::float8",
    "5e-324::float8",
    "(-0.0::float8)",
    "100::float8",
    "0.1::float4",
    "3.4028235e38::float4",
    "1e-45::float4",
    "16777217::float4",
    "'NaN'::float8",
    "'Infinity'::float8",
    "'-Infinity'::float4",
    "'12.34'::money",
    "(-5)::money",
    "4294967295::oid",
    // dates and times
    "DATE '0044-03-15 BC'",
    "DATE '5874897-12-31'",
    "'infinity'::date",
    "'-infinity'::timestamp",
    "'infinity'::timestamptz",
    "TIMESTAMP '0001-01-01 00:00:00 BC'",
    "TIMESTAMP '294276-12-31 23:59:59.999999'",
    "TIMESTAMP '2026-02-03 04:05:06.7'",
    "TIMESTAMPTZ '2026-02-03 04:05:06.000001+05:45'",
    "TIMESTAMPTZ '0044-03-15 12:00:00+00 BC'",
    "TIME '24:00:00'",
    "TIMETZ '23:59:59.5-15:59'",
    "INTERVAL '1 year -2 months 3 days -04:05:06.789'",
    "INTERVAL '0'",
    "INTERVAL '-178000000 years'",
    // text
    "NULL::text",
    "''",
    "'a\"b\\c/d'",
    "E'\\x01\\x02\\t\\n\\r\\x1f\\x7f\\u0085\\u2028\\u2029\\ufeff'",
    "'ä€😀 e' || U&'\\0301' || '\u{202e}rtl'",
    "repeat('ä', 4000)",
    "'ab'::char(4)",
    "'  padded  '::bpchar",
    "'x'::char(300)",
    "'a name'::name",
    "'z'::\"char\"",
    "'varying'::varchar(50)",
    // booleans, ids, networks
    "true",
    "false",
    "NULL::boolean",
    "'F47AC10B-58CC-4372-A567-0E02B2C3D479'::uuid",
    "'192.168.0.1'::inet",
    "'192.168.0.1/24'::inet",
    "'::1'::inet",
    "'10.0.0.0/8'::cidr",
    "'08:00:2b:01:02:03'::macaddr",
    "'08:00:2b:01:02:03:04:05'::macaddr8",
    // json
    r#"'{"b": [1, 2.50, null], "a": "\u00e4\"", "n": 1234567890123456789012345678901234567890}'::jsonb"#,
    r#"'{"b" : 1,"b":2 ,  "s": "\ud800"}'::json"#,
    r#"'"\ud800\u0000"'::json"#,
    "'null'::jsonb",
    "'$.a[*] ? (@ > 1)'::jsonpath",
    // bits and bytes
    "'\\xdeadbeef00'::bytea",
    "''::bytea",
    "B'10110'",
    "'1011'::varbit",
    // arrays
    "ARRAY[1, NULL, 3]",
    "'{}'::int[]",
    "'[0:1][-1:0]={{1,2},{3,4}}'::int[]",
    "ARRAY['a,b', 'c\"d', 'e\\f', 'NULL', NULL, '', '{}']",
    "ARRAY['2026-01-01'::timestamptz, NULL]",
    "ARRAY['\\x00ff'::bytea]",
    "ARRAY[true, false]",
    "ARRAY['192.168.0.1'::inet]",
    // ranges, geometry, search, vectors
    "'[1,5)'::int4range",
    "'empty'::numrange",
    "'(,2026-01-01)'::daterange",
    "'{[1,3),[5,9)}'::int4multirange",
    "tstzrange('2026-01-01', NULL, '[]')",
    "'[1.5,2.5]'::retail.price_range",
    "'(1.5,-2)'::point",
    "'((0,0),(1,1),(1,0))'::polygon",
    "'<(1,2),3>'::circle",
    "'a:1A fat:2,4 ''quoted word'':3'::tsvector",
    "'fat & (rat | cat:*)'::tsquery",
    "'[1,2.5,-3e-10]'::vector",
    "'[1,2]'::halfvec",
    "'{1:1,3:2.5}/5'::sparsevec",
    "'0/16B3748'::pg_lsn",
    "'10:20:10,14,15'::pg_snapshot",
    "'retail.stores'::regclass",
    "'integer'::regtype",
    // the owner's types
    "'so-so'::retail.mood",
    "''::retail.mood",
    "ARRAY['glad', '']::retail.mood[]",
    "ROW(1, 'x')",
    "ROW()",
    "ROW(NULL, NULL)::retail.pair",
    "ROW(1.50, 'a,\"b\"\\ (c)')::retail.pair",
    "ARRAY[ROW(1.50, 'a b'), NULL]::retail.pair[]",
    "ROW(ROW(1, NULL), ARRAY[ROW(2, '')]::retail.pair[])::retail.nested",
    "9007199254740993::retail.cents",
    "'SKU-1'::retail.sku",
    "'ab'::retail.code",
    "'10.0.0.1'::retail.address",
    "ARRAY[ROW(1, 'x')]::retail.pairs",
];

/// Type and text of each value, as PostgreSQL itself writes them.
async fn natives(database: &Database) -> Vec<(String, Option<String>)> {
    let config: tokio_postgres::Config = database.owner_url().parse().expect("well-formed");
    let (owner, connection) = config.connect(NoTls).await.expect("connected");
    tokio::spawn(connection);
    owner.batch_execute("SET TimeZone = 'UTC'; SET search_path = retail, public").await.expect("set");
    let mut natives = Vec::new();
    for value in VALUES {
        let sql = format!("SELECT pg_typeof(v)::text, v FROM (SELECT {value} AS v) AS x");
        let messages = owner.simple_query(&sql).await.unwrap_or_else(|error| panic!("{value}: {error:?}"));
        let row = messages.into_iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let row = row.expect("a row");
        natives.push((row.get(0).expect("a type").to_owned(), row.get(1).map(str::to_owned)));
    }
    natives
}

/// What the answer must be, by the type and PostgreSQL's own text.
fn expected(kind: &str, text: Option<String>) -> Value {
    let Some(text) = text else { return Value::Null };
    match kind {
        "boolean" => json!(text == "t"),
        "smallint" | "integer" => json!(text.parse::<i64>().expect("a number")),
        "bigint" | "cents" => {
            let number: i64 = text.parse().expect("a number");
            if number.unsigned_abs() > 1 << 53 { json!(text) } else { json!(number) }
        }
        "real" | "double precision" => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => json!(number),
            _ => json!(text),
        },
        "timestamp without time zone" | "timestamp with time zone" => json!(text.replacen(' ', "T", 1)),
        _ => json!(text),
    }
}

#[test]
fn every_value_comes_back_as_postgresql_itself_writes_it() {
    let database = Database::copy();
    database.script(TYPES);
    let natives = block_on(natives(&database));
    assert!(natives.len() == VALUES.len() && VALUES.len() >= 60);
    let mut client = Client::serve(&database, SEATTLE);
    let mut wrong = Vec::new();
    for (value, (kind, text)) in VALUES.iter().zip(natives) {
        let called =
            client.call("execute_sales_query", json!({"postgresql_query": format!("SELECT {value}")}));
        let cell = called.text.split_once("\"r\":[[").and_then(|(_, rest)| rest.rsplit_once("]],\"n\":1}"));
        let answer = cell.unwrap_or_else(|| panic!("{value}: {}", called.text)).0;
        let expected = expected(&kind, text);
        // Of a number the digits count, which a JSON reader may round.
        let same = match expected.as_f64() {
            Some(expected) => answer.parse() == Ok(expected),
            None => serde_json::from_str(answer).is_ok_and(|answer: Value| answer == expected),
        };
        if !same {
            wrong.push(format!("{value} ({kind}): {answer} instead of {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Beside each other, in one row, values are cut and cast as each alone.
#[test]
fn all_values_fit_into_one_row() {
    let database = Database::copy();
    database.script(TYPES);
    let natives = block_on(natives(&database));
    let url = database.url(SEATTLE);
    let args = ["--rls-user", SEATTLE, "--max-bytes", "1000000"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &url)]);
    let answer = client.query(&format!("SELECT {}", VALUES.join(", ")));
    let row = answer["r"][0].as_array().expect("a row");
    assert_eq!(row.len(), VALUES.len());
    for ((answer, value), (kind, text)) in row.iter().zip(VALUES).zip(natives) {
        if !["real", "double precision"].contains(&kind.as_str()) {
            assert_eq!(*answer, expected(&kind, text), "{value}");
        }
    }
}

#[test]
fn xml_comes_back_where_the_server_knows_it() {
    let database = shop::shared();
    let known = database
        .value("SELECT (pg_config.setting ~ 'with-libxml')::text FROM pg_config WHERE name = 'CONFIGURE'");
    let mut client = Client::serve(&database, SEATTLE);
    let document = r#"<?xml version="1.0" encoding="UTF-8"?><a b="1">&lt;ä</a>"#;
    let sql = format!("SELECT '{document}'::xml");
    if known == "true" {
        assert_eq!(client.value(&sql), json!(r#"<?xml version="1.0"?><a b="1">&lt;ä</a>"#));
    } else {
        eprintln!("NOTE: this PostgreSQL is built without libxml; values of type xml are not tested.");
        assert!(client.refused(&sql).contains("unsupported XML feature"));
    }
    assert_eq!(client.value("SELECT NULL::xml"), Value::Null);
}

#[test]
fn columns_keep_their_names_also_without_any() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let answer =
        client.query(r#"SELECT 1 AS "a b", 2 AS "ä""q", 3 AS "?column?", 4, 5 AS "c0", 6 AS "LIMIT 0""#);
    assert_eq!(answer["c"], json!(["a b", "ä\"q", "?column?", "?column?", "c0", "LIMIT 0"]));
    assert_eq!(answer["r"], json!([[1, 2, 3, 4, 5, 6]]));
    let empty = client.query("SELECT FROM retail.stores");
    assert_eq!(
        (empty["c"].clone(), empty["r"].clone(), empty["n"].clone()),
        (json!([]), json!([[]]), json!(1))
    );
    // PostgreSQL takes this blank for a part of the name.
    let answer = client.query("SELECT 1 AS a\u{a0}");
    assert_eq!((answer["c"].clone(), answer["r"].clone()), (json!(["a\u{a0}"]), json!([[1]])));
    let wide = client.query(&format!("SELECT {}", vec!["1"; 1_600].join(",")));
    assert_eq!(wide["r"][0].as_array().expect("a row").len(), 1_600);
}
