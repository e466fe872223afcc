//! Random SELECTs over the shop's schema, the same for the same seed.
//!
//! Every statement orders its rows by all its columns and uses nothing that differs from run to run (no clock, no
//! random, no floating-point sums), so that two databases with the same visible rows must give the same bytes.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use super::columns::{Kind, TABLES, Table};

/// A source of random statements.
pub(crate) struct Grammar {
    dice: ChaCha8Rng,
}

/// A table in a FROM, under its alias.
#[derive(Clone, Copy)]
struct Source {
    table: &'static Table,
    alias: char,
}

impl Grammar {
    pub(crate) fn new(seed: u64) -> Self {
        Self { dice: ChaCha8Rng::seed_from_u64(seed) }
    }

    fn below(&mut self, n: usize) -> usize {
        (self.dice.next_u32() as usize) % n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// The next statement.
    pub(crate) fn statement(&mut self) -> String {
        match self.below(10) {
            0 => self.set_operation(),
            1 => self.with(),
            2 | 3 => self.grouped(),
            4 => self.windowed(),
            _ => self.plain(),
        }
    }

    fn plain(&mut self) -> String {
        let sources = self.sources();
        let width = 1 + self.below(4);
        let items: Vec<String> = (0..width).map(|_| self.expression(&sources, 2)).collect();
        let distinct = self.one(&["", "", "DISTINCT "]);
        format!(
            "SELECT {distinct}{} {} {}{}",
            items.join(", "),
            Self::from(&sources),
            self.filter(&sources),
            self.tail(width)
        )
    }

    fn grouped(&mut self) -> String {
        let sources = self.sources();
        let key = self.expression(&sources, 1);
        let amount = self.column(&sources, &[Kind::Number, Kind::Whole]).unwrap_or_else(|| "1".to_owned());
        let aggregate = self.one(&["sum", "min", "max", "avg", "count", "stddev_samp"]);
        let aggregate = if aggregate == "stddev_samp" {
            format!("round(stddev_samp(({amount})::numeric), 6)")
        } else {
            format!("{aggregate}({amount})")
        };
        let having =
            self.one(&["", "", " HAVING count(*) > 1", " HAVING min(1) / nullif(count(*) - 3, 0) IS NULL"]);
        format!(
            "SELECT {key}, {aggregate}, count(*) {} {} GROUP BY 1{having}{}",
            Self::from(&sources),
            self.filter(&sources),
            self.tail(3)
        )
    }

    fn windowed(&mut self) -> String {
        let sources = self.sources();
        let (part, order) = (self.expression(&sources, 0), self.expression(&sources, 0));
        let amount = self.column(&sources, &[Kind::Number, Kind::Whole]).unwrap_or_else(|| "1".to_owned());
        let function = self.one(&["rank()", "dense_rank()", "count(*)", "percent_rank()"]);
        let function = if self.below(3) == 0 { format!("sum({amount})") } else { function.to_owned() };
        format!(
            "SELECT {part}, {function} OVER (PARTITION BY {part} ORDER BY {order}) {} {}{}",
            Self::from(&sources),
            self.filter(&sources),
            self.tail(2)
        )
    }

    fn set_operation(&mut self) -> String {
        let [left, right] = [(); 2].map(|()| {
            let sources = self.sources();
            let item = self.column(&sources, &[Kind::Id]).expect("every table has a key");
            format!("SELECT {item} AS id {} {}", Self::from(&sources), self.filter(&sources))
        });
        let operation = self.one(&["UNION", "EXCEPT", "INTERSECT", "UNION ALL"]);
        format!(
            "SELECT count(*), count(DISTINCT id), min(id::text), max(id::text) FROM ({left} {operation} {right}) AS both"
        )
    }

    fn with(&mut self) -> String {
        let materialized = self.one(&["", "MATERIALIZED ", "NOT MATERIALIZED "]);
        let (inner, sources) = (self.plain(), self.sources());
        let item = self.expression(&sources, 1);
        format!(
            "WITH w AS {materialized}({inner}) SELECT {item}, (SELECT count(*) FROM w) {} {}{}",
            Self::from(&sources),
            self.filter(&sources),
            self.tail(2)
        )
    }

    /// One table, or two joined by a key of the same name.
    fn sources(&mut self) -> Vec<Source> {
        let first = &TABLES[self.below(TABLES.len())];
        let mut sources = vec![Source { table: first, alias: 'a' }];
        if self.below(2) == 0 {
            let second = &TABLES[self.below(TABLES.len())];
            let key =
                second.columns.iter().any(|column| column.1 == Kind::Id && first.columns.contains(column));
            if key {
                sources.push(Source { table: second, alias: 'b' });
            }
        }
        sources
    }

    fn from(sources: &[Source]) -> String {
        match sources {
            [a, b] => {
                let keys = a
                    .table
                    .columns
                    .iter()
                    .filter(|column| column.1 == Kind::Id && b.table.columns.contains(column));
                let on: Vec<String> = keys.map(|(name, _)| format!("a.{name} = b.{name}")).collect();
                format!(
                    "FROM retail.{} AS a JOIN retail.{} AS b ON {}",
                    a.table.name,
                    b.table.name,
                    on.join(" AND ")
                )
            }
            _ => format!("FROM retail.{} AS a", sources[0].table.name),
        }
    }

    fn column(&mut self, sources: &[Source], kinds: &[Kind]) -> Option<String> {
        let fitting: Vec<String> = sources
            .iter()
            .flat_map(|source| {
                source
                    .table
                    .columns
                    .iter()
                    .filter(|column| kinds.contains(&column.1))
                    .map(move |column| format!("{}.{}", source.alias, column.0))
            })
            .collect();
        if fitting.is_empty() { None } else { Some(fitting[self.below(fitting.len())].clone()) }
    }

    fn expression(&mut self, sources: &[Source], depth: usize) -> String {
        let kind =
            self.one(&[Kind::Id, Kind::Text, Kind::Text, Kind::Number, Kind::Whole, Kind::Time, Kind::Truth]);
        let Some(column) = self.column(sources, &[kind]) else { return "1".to_owned() };
        if depth == 0 {
            return column;
        }
        let inner = self.expression(sources, depth - 1);
        match kind {
            Kind::Text => match self.below(6) {
                0 => format!("lower({column})"),
                1 => format!("length({column})"),
                2 => format!("left({column}, 3)"),
                // fails on some texts: a row that must not be seen must not fail it
                3 => format!("1000 / (length({column}) - {})", self.one(&["0", "13", "21", "30"])),
                4 => format!("coalesce({column}, ({inner})::text)"),
                _ => column,
            },
            Kind::Number | Kind::Whole => match self.below(6) {
                0 => format!("round({column} * 1.1, 2)"),
                1 => format!("{column} - 10"),
                2 => format!("CASE WHEN {column} > 50 THEN {column} ELSE NULL END"),
                // divides by zero on some rows: the error must not depend on rows that must not be seen
                3 => format!("1000 / ({column} - {})", self.one(&["7777.77", "3", "0", "41", "10"])),
                4 => format!("{column}::int % 7"),
                _ => column,
            },
            Kind::Time => match self.below(4) {
                0 => format!("date_trunc('month', {column})"),
                1 => format!("extract(isodow FROM {column})"),
                2 => format!("{column}::date"),
                _ => column,
            },
            Kind::Id | Kind::Truth => column,
        }
    }

    fn filter(&mut self, sources: &[Source]) -> String {
        let count = self.below(3);
        let conditions: Vec<String> = (0..count).map(|_| self.condition(sources)).collect();
        let joined = conditions.join(self.one(&[" AND ", " OR "]));
        if joined.is_empty() { String::new() } else { format!("WHERE {joined}") }
    }

    fn condition(&mut self, sources: &[Source]) -> String {
        let number = self.column(sources, &[Kind::Number, Kind::Whole]);
        let text = self.column(sources, &[Kind::Text]);
        let time = self.column(sources, &[Kind::Time]);
        let comparison = self.one(&["<", "<=", "=", "<>", ">", ">="]);
        match (self.below(8), number, text, time) {
            (0, Some(number), ..) => {
                format!("{number} {comparison} {}", self.one(&["0", "10", "99.99", "7777.77", "40"]))
            }
            (1, Some(number), ..) => {
                format!("1 / ({number} - {}) IS NOT NULL", self.one(&["7777.77", "41", "99", "0"]))
            }
            (2, _, Some(text), _) => {
                format!("{text} LIKE '{}'", self.one(&["%a%", "S%", "x%", "_e%", "Z%elsewhere"]))
            }
            (3, _, Some(text), _) => {
                format!("{text} {comparison} '{}'", self.one(&["M", "completed", "Zava Retail Tacoma"]))
            }
            (4, .., Some(time)) => format!(
                "{time} {comparison} TIMESTAMP '{}'",
                self.one(&["2024-01-01", "2026-03-01", "1999-06-01"])
            ),
            (5, ..) => {
                let inner = self.one(&["orders", "order_items", "inventory", "customers", "stores"]);
                let not = self.one(&["", "NOT "]);
                format!(
                    "{not}EXISTS (SELECT FROM retail.{inner} AS x WHERE x.store_id IS NOT NULL AND x.store_id::text {comparison} '8')"
                )
            }
            (6, ..) => format!(
                "(SELECT count(*) FROM retail.{}) {comparison} {}",
                self.one(&["orders", "customers", "stores"]),
                self.one(&["1", "100", "1000", "4000"])
            ),
            _ => self.one(&["true", "1 = 1", "NULL IS NULL"]).to_owned(),
        }
    }

    /// A total order, and sometimes a limit.
    fn tail(&mut self, width: usize) -> String {
        let columns: Vec<String> = (1..=width).map(|column| column.to_string()).collect();
        let limit = self.one(&["", "", " LIMIT 5", " LIMIT 50 OFFSET 1"]);
        format!(" ORDER BY {}{limit}", columns.join(", "))
    }
}
