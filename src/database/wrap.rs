//! The statement that is really run: the query as the sub-select of one SELECT, capped in rows and in width.
//!
//! The driver holds one row whole, so a long value must be cut before it leaves PostgreSQL. A cast to `varchar(n)` does
//! that: it costs next to nothing on short values, and unlike `left` it computes the value once. What it does not tell is
//! how long the value was. That is asked for by running the query once more with [`Lengths::Counted`], only when a value
//! was really cut.

use std::fmt::Write as _;

use tokio_postgres::types::{Kind, Type};
use tokio_postgres::{Column, Statement};

use super::cell::Cell;
use super::constant::words;
use super::query::Cap;

/// Longest value that is shown, in characters, in an answer of enough bytes.
const LONGEST_SHOWN: usize = 4_000;
/// Shortest limit for a value that is shown.
const SHORTEST_SHOWN: usize = 200;
/// Most characters of one row, all long columns together.
const ROW: usize = 1_000_000;
/// A column whose type allows no more characters than this is never cut.
const SHORT: i32 = 200;
/// What groups has to read everything, but PostgreSQL often expects far more groups than there are. A LIMIT then makes it look up
/// row after row for the first of them: 210 s for 5 s on ten million lines by month. Behind an ORDER BY, here of a constant that
/// sorts nothing, it plans the query for all its rows; while it runs, the LIMIT still ends it, and a sort keeps no more rows.
const FOR_ALL_ROWS: &str = " ORDER BY NULL::pg_catalog.int4";

/// Types whose text is never long.
const SHORT_TYPES: [Type; 11] = [
    Type::DATE,
    Type::TIME,
    Type::TIMETZ,
    Type::TIMESTAMP,
    Type::TIMESTAMPTZ,
    Type::INTERVAL,
    Type::MONEY,
    Type::OID,
    Type::REGCLASS,
    Type::REGTYPE,
    Type::CHAR,
];

/// What is done about values that are too long for a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lengths {
    /// Cut; how long they were stays unknown.
    Cut,
    /// Cut to what is shown, with the true length behind it.
    Counted,
}

/// How wide values may be, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Widths {
    /// What is shown of a longer value.
    pub(super) shown: usize,
    /// Where PostgreSQL cuts; `None`: it cuts at `shown` and puts a blank and the true length behind.
    pub(super) cut_at: Option<usize>,
}

/// The statement that is really run.
pub(super) struct Wrapped {
    pub(super) sql: String,
    /// Characters before the query's own text.
    pub(super) prefix: u32,
    pub(super) cells: Vec<Cell>,
    pub(super) widths: Widths,
}

/// How a column is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As it is: a type the driver reads, or text that cannot be long.
    Plain,
    /// Cast to text; it cannot be long.
    Cast,
    /// Cast to text; it may be long.
    Long,
    /// Types whose cast to text is not how PostgreSQL shows them: a netmask, a declaration, or padding differs.
    Shown,
}

impl Wrapped {
    pub(super) fn around(sql: &str, parsed: &Statement, cap: Cap, lengths: Lengths) -> Self {
        let forms: Vec<Form> = parsed.columns().iter().map(Form::of).collect();
        let widths = Widths::of(&forms, cap, lengths);
        let limit = u64::from(cap.rows) + 1;
        let aliases = list((0..forms.len()).map(|index| format!("c{index}")));
        let aliases = if aliases.is_empty() { aliases } else { format!("({aliases})") };
        let asked = list(forms.iter().enumerate().map(|(index, form)| form.ask(index, widths)));
        let mut text = format!("SELECT {asked} FROM (\n");
        if widths.cut_at.is_none() {
            // With the LIMIT inside, PostgreSQL computes each value once, however often it is named outside.
            let counted = list(forms.iter().enumerate().map(|(index, form)| form.counted(index, widths)));
            text.insert_str(0, &format!("SELECT {counted} FROM ("));
        }
        let prefix = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        // The newline ends a comment at the end of the query. A final semicolon was fine alone and is not in here. Only
        // what PostgreSQL takes for blanks is trimmed: others can be part of a name.
        text.push_str(sql.trim_end_matches([';', ' ', '\t', '\n', '\r', '\x0b', '\x0c']));
        text.push_str("\n) AS t");
        let order = if groups(sql) { FOR_ALL_ROWS } else { "" };
        let _ = write!(text, "{aliases}{order} LIMIT {limit}");
        if widths.cut_at.is_none() {
            let _ = write!(text, ") AS u{aliases}");
        }
        let cells = parsed.columns().iter().map(|column| Cell::of(column.type_())).collect();
        Self { sql: text, prefix, cells, widths }
    }
}

impl Widths {
    fn of(forms: &[Form], cap: Cap, lengths: Lengths) -> Self {
        let long = forms.iter().filter(|form| form.may_be_long()).count().max(1);
        // So that one row fits into an answer, where that is possible.
        let shown = (cap.bytes as usize / (long + 1)).clamp(SHORTEST_SHOWN, LONGEST_SHOWN);
        let cut_at = match lengths {
            Lengths::Cut => Some((ROW / long).max(shown + 1)),
            Lengths::Counted => None,
        };
        Self { shown, cut_at }
    }
}

impl Form {
    fn of(column: &Column) -> Self {
        let kind = column.type_();
        let bounded = longest(column).is_some_and(|longest| longest <= SHORT);
        if Cell::of(kind).is_binary() {
            return Self::Plain;
        }
        match *kind {
            Type::NAME => Self::Plain,
            Type::VARCHAR | Type::BPCHAR if bounded => Self::Plain,
            Type::NUMERIC | Type::BIT | Type::VARBIT if bounded => Self::Cast,
            Type::BPCHAR | Type::INET | Type::CIDR | Type::XML => Self::Shown,
            _ if SHORT_TYPES.contains(kind) || matches!(kind.kind(), Kind::Enum(_)) => Self::Cast,
            _ => Self::Long,
        }
    }

    fn may_be_long(self) -> bool {
        matches!(self, Self::Long | Self::Shown)
    }

    fn ask(self, index: usize, widths: Widths) -> String {
        let text = match self {
            Self::Plain => return format!("t.c{index}"),
            Self::Cast => return format!("t.c{index}::text"),
            Self::Long => format!("t.c{index}"),
            Self::Shown => {
                format!("CASE WHEN t.c{index} IS NULL THEN NULL ELSE pg_catalog.concat(t.c{index}) END")
            }
        };
        widths.cut_at.map_or_else(|| format!("({text})::text"), |cut| format!("({text})::varchar({cut})"))
    }

    /// The beginning of a long text, a blank, and its true length; another text as it is.
    fn counted(self, index: usize, widths: Widths) -> String {
        let (text, shown) = (format!("u.c{index}"), widths.shown);
        if !self.may_be_long() {
            return text;
        }
        let length = format!("pg_catalog.length({text})");
        format!(
            "CASE WHEN {length} OPERATOR(pg_catalog.>) {shown} \
             THEN pg_catalog.concat(pg_catalog.left({text}, {shown}), ' ', {length}) ELSE {text} END"
        )
    }
}

/// Whether the query may group rows. The words count wherever they stand; they cost nothing where they are none.
fn groups(sql: &str) -> bool {
    words(sql).any(|word| ["group", "distinct"].contains(&word.as_str()))
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// The most characters that the type's modifier allows: `varchar(20)`, `numeric(10,2)`.
fn longest(column: &Column) -> Option<i32> {
    let modifier = column.type_modifier();
    match *column.type_() {
        Type::VARCHAR | Type::BPCHAR if modifier > 4 => Some(modifier - 4),
        Type::BIT | Type::VARBIT if modifier >= 0 => Some(modifier),
        // Precision in the upper half; a sign, a point and a zero before it. A scale beyond the precision adds zeros.
        Type::NUMERIC if modifier > 4 => Some(((modifier - 4) >> 16) + ((modifier - 4) & 0x7ff) + 3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn grouping_is_seen_by_its_words() {
        assert!(groups("SELECT status, count(*) FROM retail.orders GROUP BY 1"));
        assert!(groups("select count(distinct status)from retail.orders"));
        assert!(!groups("SELECT group_name, \"groups\" FROM retail.orders ORDER BY 1"));
    }
}
