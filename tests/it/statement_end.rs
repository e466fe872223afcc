//! Where the SQL ends: a semicolon and comments behind it are fine, a second statement never is.

use crate::support::mcp::Client;
use crate::support::shop::{self, SEATTLE};

#[test]
fn comments_behind_the_last_semicolon_are_no_second_statement() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    for sql in [
        "SELECT 7; -- x",
        "SELECT 7 ; /* a; b */ -- ;",
        "SELECT 7;;;",
        "SELECT 7; ; -- x\n;",
        "SELECT 7 -- ;",
        "SELECT 7 /* ; */ ;\n\n-- done; really",
        "SELECT length('1;--4;7'); -- ';'",
        "SELECT length($x$1;--4;7$x$); /* nested /* ; */ comment */",
        "SELECT 7 AS \";\" ; -- x",
        "/* ä; */ SELECT length('äöü;-- ') ; -- ä",
        "WITH x AS (SELECT 7) SELECT * FROM x; -- done",
        "VALUES (7); -- done",
        "SELECT 7 AS n ORDER BY n; -- done",
    ] {
        assert_eq!(client.value(sql), 7, "{sql}");
    }
}

#[test]
fn what_follows_a_semicolon_never_runs() {
    let database = shop::shared();
    let count = "SELECT count(*)::text || ' ' || sum(total_amount)::text FROM retail.orders";
    let before = database.value(count);
    let mut client = Client::serve(&database, SEATTLE);
    for (sql, code) in [
        ("SELECT 1; SELECT 2", "several_statements"),
        ("SELECT 1; -- x\nSELECT 2", "several_statements"),
        ("SELECT 1; /* x */ DROP TABLE retail.orders", "several_statements"),
        ("SELECT 1; COMMIT; --", "several_statements"),
        ("SELECT 1; -- x\r\nCOMMIT", "several_statements"),
        ("; SELECT 1; DELETE FROM retail.orders", "several_statements"),
        ("; DELETE FROM retail.orders", "not_a_select"),
        ("DELETE FROM retail.orders; -- SELECT 1", "not_a_select"),
        ("COMMIT; -- x", "not_a_select"),
        ("/* SELECT 1 */ ; -- x", "not_a_select"),
        ("DO $$ BEGIN PERFORM 1; END $$; -- x", "not_a_select"),
        ("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; -- x", "not_a_select"),
        ("CREATE RULE r AS ON INSERT TO retail.orders DO (SELECT 1; SELECT 2); -- x", "not_a_select"),
        ("SELECT 1) AS t; --", "syntax"),
        ("SELECT 1) AS t; DELETE FROM retail.orders; --", "syntax"),
        ("SELECT 1 FROM (SELECT 2; -- ", "syntax"),
        ("SELECT 'a; -- ", "syntax"),
        ("SELECT 1; /* open", "syntax"),
        ("WITH gone AS (DELETE FROM retail.orders RETURNING 1) SELECT * FROM gone; -- x", "not_a_select"),
        ("SELECT 1 INTO gone; -- x", "not_a_select"),
    ] {
        let text = client.refused(sql);
        assert!(text.starts_with(&format!("VALIDATION_ERROR ({code})")), "{sql}: {text}");
    }
    assert_eq!(client.value("SELECT 1"), 1);
    assert_eq!(database.value(count), before, "nothing changed");
}
