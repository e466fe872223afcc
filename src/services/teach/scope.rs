//! What a query names: tables with their aliases, WITH queries, aliases of its select list.
//!
//! Read from the tokens alone, without their nesting. It serves suggestions only, and those may be wrong.

use super::tokens::{Kind, Token};
use crate::database::Column;

/// Words that end a table in FROM, so that they are no alias of it.
const NO_ALIAS: &[&str] = &[
    "where",
    "on",
    "using",
    "join",
    "left",
    "right",
    "inner",
    "full",
    "cross",
    "natural",
    "group",
    "order",
    "limit",
    "offset",
    "fetch",
    "for",
    "union",
    "intersect",
    "except",
    "having",
    "window",
    "tablesample",
    "lateral",
    "select",
];

/// A table that the caller may read; at least one column.
#[derive(Clone, Copy, Debug)]
pub(in crate::services) struct Table<'a> {
    pub(in crate::services) columns: &'a [Column],
}

impl<'a> Table<'a> {
    /// All tables of a list of columns, which is ordered by table.
    pub(in crate::services) fn all(columns: &'a [Column]) -> Vec<Self> {
        columns
            .chunk_by(|a, b| a.schema == b.schema && a.table == b.table)
            .map(|columns| Self { columns })
            .collect()
    }

    pub(in crate::services) fn name(self) -> &'a str {
        self.columns.first().map_or("", |column| &column.table)
    }

    pub(in crate::services) fn qualified(self) -> String {
        self.columns.first().map_or(String::new(), |column| format!("{}.{}", column.schema, column.table))
    }

    pub(in crate::services) fn column(self, name: &str) -> Option<&'a Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether `orders` or `retail.orders` means it.
    pub(in crate::services) fn is_called(self, path: &[&str]) -> bool {
        match path {
            [table] => *table == self.name(),
            [schema, table] => {
                *table == self.name() && self.columns.first().is_some_and(|column| column.schema == *schema)
            }
            _ => false,
        }
    }
}

/// A table in a FROM clause.
#[derive(Clone, Debug)]
pub(super) struct Mention<'a> {
    pub(super) table: Table<'a>,
    /// What its columns are qualified with: the alias, else the table's own name.
    pub(super) alias: String,
}

/// What a query names.
pub(super) struct Scope<'a> {
    pub(super) tables: Vec<Mention<'a>>,
    /// Names of WITH queries and of sub-selects.
    pub(super) queries: Vec<String>,
    /// Aliases of select lists.
    pub(super) outputs: Vec<String>,
}

/// A name with what it is qualified with, as `o.total`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::services) struct Path<'t> {
    pub(in crate::services) parts: Vec<&'t str>,
    pub(super) quoted: bool,
    /// Index of its first token, and of the token after it.
    pub(in crate::services) first: usize,
    pub(in crate::services) end: usize,
}

impl Path<'_> {
    /// The name itself.
    pub(in crate::services) fn name(&self) -> &str {
        self.parts.last().copied().unwrap_or_default()
    }

    /// What comes before the last dot.
    pub(in crate::services) fn qualifier(&self) -> Option<&str> {
        self.parts.len().checked_sub(2).and_then(|before| self.parts.get(before)).copied()
    }

    pub(super) fn text(&self) -> String {
        self.parts.join(".")
    }
}

/// The name that begins at a token.
pub(in crate::services) fn path_at(tokens: &[Token], first: usize) -> Option<Path<'_>> {
    let start = tokens.get(first).filter(|token| token.is_name())?;
    let mut path =
        Path { parts: vec![&start.text], quoted: start.kind == Kind::Quoted, first, end: first + 1 };
    while let (Some(dot), Some(next)) = (tokens.get(path.end), tokens.get(path.end + 1)) {
        if !dot.is(".") || !next.is_name() {
            break;
        }
        path.parts.push(&next.text);
        path.quoted = next.kind == Kind::Quoted;
        path.end += 2;
    }
    Some(path)
}

/// The name that ends before a token.
pub(super) fn path_before(tokens: &[Token], end: usize) -> Option<Path<'_>> {
    let mut first = end.checked_sub(1).filter(|last| tokens.get(*last).is_some_and(Token::is_name))?;
    while let (Some(dot), Some(before)) = (first.checked_sub(1), first.checked_sub(2)) {
        if !tokens.get(dot).is_some_and(|token| token.is("."))
            || !tokens.get(before).is_some_and(Token::is_name)
        {
            break;
        }
        first = before;
    }
    path_at(tokens, first)
}

/// The clause that a token is in: the last of these words before it that is not in a bracket of its own.
pub(super) fn clause_of(tokens: &[Token], at: usize) -> &'static str {
    const CLAUSES: [&str; 8] = ["select", "from", "where", "on", "group", "having", "order", "window"];
    let mut depth = 0_i32;
    for token in tokens.iter().take(at).rev() {
        if token.is(")") {
            depth += 1;
        } else if token.is("(") {
            depth = (depth - 1).max(0);
        } else if depth == 0
            && let Some(clause) = CLAUSES.iter().find(|clause| token.is(clause))
        {
            return clause;
        }
    }
    ""
}

/// Whether a token stands where a table is named.
pub(super) fn names_a_table(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| tokens.get(before)) else { return false };
    ["from", "join", "only", "table"].iter().any(|word| before.is(word))
        || (before.is(",") && clause_of(tokens, at) == "from")
}

impl<'a> Scope<'a> {
    pub(super) fn of(tokens: &[Token], known: &[Table<'a>]) -> Self {
        let mut scope = Self { tables: Vec::new(), queries: Vec::new(), outputs: Vec::new() };
        for at in 0..tokens.len() {
            scope.read_table(tokens, at, known);
            scope.read_alias(tokens, at);
        }
        scope
    }

    fn read_table(&mut self, tokens: &[Token], at: usize, known: &[Table<'a>]) {
        if !names_a_table(tokens, at) {
            return;
        }
        let Some(path) = path_at(tokens, at) else { return };
        let Some(table) = known.iter().find(|table| table.is_called(&path.parts)) else { return };
        let alias = alias_at(tokens, path.end).unwrap_or_else(|| table.name().to_owned());
        self.tables.push(Mention { table: *table, alias });
    }

    /// `x AS (` names a WITH query, `) x` or `) AS x` a sub-select, and any other `AS x` an output.
    fn read_alias(&mut self, tokens: &[Token], at: usize) {
        let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.is(text));
        let Some(token) = tokens.get(at) else { return };
        if is(at, "as") && (is(at + 1, "(") || is(at + 1, "materialized") || is(at + 1, "not")) {
            self.queries.extend(path_before(tokens, at).map(|path| path.text()));
        } else if is(at, ")") && clause_of(tokens, at + 1) == "from" {
            self.queries.extend(alias_at(tokens, at + 1));
        } else if token.is_name() && at > 0 && is(at - 1, "as") && clause_of(tokens, at) == "select" {
            self.outputs.push(token.text.clone());
        }
    }

    /// The tables that a qualifier means.
    pub(super) fn called(&self, qualifier: &str) -> Vec<&Mention<'a>> {
        self.tables.iter().filter(|mention| mention.alias == qualifier).collect()
    }

    /// The column that a path means, and where.
    pub(super) fn column(&self, path: &Path<'_>) -> Option<(&Mention<'a>, &'a Column)> {
        let fits =
            |mention: &&Mention<'a>| path.qualifier().is_none_or(|qualifier| mention.alias == qualifier);
        let found = |mention: &'_ Mention<'a>| mention.table.column(path.name());
        self.tables.iter().filter(fits).find_map(|mention| found(mention).map(|column| (mention, column)))
    }
}

fn alias_at(tokens: &[Token], at: usize) -> Option<String> {
    let at = if tokens.get(at).is_some_and(|token| token.is("as")) { at + 1 } else { at };
    let token = tokens.get(at).filter(|token| token.is_name())?;
    (token.kind == Kind::Quoted || !NO_ALIAS.contains(&token.text.as_str())).then(|| token.text.clone())
}
