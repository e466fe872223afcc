//! What tables and columns the caller may read.

use tokio_postgres::types::Type;

use super::{Database, DatabaseError, statements};

/// One column of a readable table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Schema of its table.
    pub schema: String,
    /// Its table.
    pub table: String,
    /// The table's comment.
    pub table_comment: Option<String>,
    /// Its name.
    pub name: String,
    /// Its type as SQL writes it.
    pub kind: String,
    /// Never NULL.
    pub not_null: bool,
    /// Part of the primary key.
    pub primary_key: bool,
    /// `schema.table.column` that it refers to.
    pub refers_to: Option<String>,
    /// The only values it can have, when the database says so.
    pub allowed: Option<Vec<String>>,
    /// Its comment.
    pub comment: Option<String>,
}

/// An index of a readable table.
#[derive(Clone, Debug)]
pub struct Index {
    /// Schema of its table.
    pub schema: String,
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// No two rows have the same values.
    pub unique: bool,
    /// Its columns in their order; `None` is an expression.
    pub columns: Vec<Option<String>>,
    /// Its columns and its condition as SQL writes them.
    pub definition: String,
}

/// A key, a reference or a check of a readable table.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Schema of its table.
    pub schema: String,
    /// Its table.
    pub table: String,
    /// `p` primary key, `u` unique, `f` foreign key, `c` check.
    pub kind: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// `schema.table` that a foreign key refers to.
    pub target: Option<String>,
    /// The columns there.
    pub target_columns: Vec<String>,
    /// What a check demands.
    pub condition: Option<String>,
}

/// A function that the caller may call.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its name and the types of its arguments, as SQL writes them.
    pub signature: String,
}

impl Database {
    /// Indexes of the tables that the caller may read, by table.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn readable_indexes(&self) -> Result<Vec<Index>, DatabaseError> {
        let view = self.view().await?;
        let rows = view.query("describe the indexes", statements::READABLE_INDEXES, &[]).await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing: "read the description of an index", source };
        rows.iter().map(|row| Index::try_from(row).map_err(failed)).collect()
    }

    /// Keys, references and checks of the tables that the caller may read, by table.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn readable_constraints(&self) -> Result<Vec<Constraint>, DatabaseError> {
        let view = self.view().await?;
        let rows = view.query("describe the constraints", statements::READABLE_CONSTRAINTS, &[]).await?;
        view.close().await?;
        let failed =
            |source| DatabaseError::Statement { doing: "read the description of a constraint", source };
        rows.iter().map(|row| Constraint::try_from(row).map_err(failed)).collect()
    }

    /// Functions that the caller may call whose names begin like `name`, by name.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn callable_functions(&self, name: &str) -> Result<Vec<Function>, DatabaseError> {
        let view = self.view().await?;
        let rows =
            view.query("look functions up", statements::CALLABLE_FUNCTIONS, &[(&name, Type::TEXT)]).await?;
        view.close().await?;
        let read = |row: &tokio_postgres::Row| {
            Ok(Function { name: row.try_get("name")?, signature: row.try_get("signature")? })
        };
        let failed = |source| DatabaseError::Statement { doing: "read a function", source };
        rows.iter().map(|row| read(row).map_err(failed)).collect()
    }

    /// Every column of every table and view that the caller may read, by table, in their order.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn readable_columns(&self) -> Result<Vec<Column>, DatabaseError> {
        let view = self.view().await?;
        let rows = view.query("describe the tables", statements::DESCRIBE_TABLES, &[]).await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing: "read the description of a column", source };
        rows.iter().map(|row| Column::try_from(row).map_err(failed)).collect()
    }
}

impl TryFrom<&tokio_postgres::Row> for Column {
    type Error = tokio_postgres::Error;

    fn try_from(row: &tokio_postgres::Row) -> Result<Self, Self::Error> {
        Ok(Self {
            schema: row.try_get("table_schema")?,
            table: row.try_get("table_name")?,
            table_comment: row.try_get("table_comment")?,
            name: row.try_get("column_name")?,
            kind: row.try_get("column_type")?,
            not_null: row.try_get("not_null")?,
            primary_key: row.try_get("primary_key")?,
            refers_to: row.try_get("refers_to")?,
            allowed: row.try_get("allowed")?,
            comment: row.try_get("column_comment")?,
        })
    }
}

impl TryFrom<&tokio_postgres::Row> for Constraint {
    type Error = tokio_postgres::Error;

    fn try_from(row: &tokio_postgres::Row) -> Result<Self, Self::Error> {
        Ok(Self {
            schema: row.try_get("table_schema")?,
            table: row.try_get("table_name")?,
            kind: row.try_get("kind")?,
            columns: row.try_get("columns")?,
            target: row.try_get("target")?,
            target_columns: row.try_get::<_, Option<_>>("target_columns")?.unwrap_or_default(),
            condition: row.try_get("condition")?,
        })
    }
}

impl TryFrom<&tokio_postgres::Row> for Index {
    type Error = tokio_postgres::Error;

    fn try_from(row: &tokio_postgres::Row) -> Result<Self, Self::Error> {
        Ok(Self {
            schema: row.try_get("table_schema")?,
            table: row.try_get("table_name")?,
            name: row.try_get("index_name")?,
            unique: row.try_get("is_unique")?,
            columns: row.try_get("columns")?,
            definition: row.try_get("definition")?,
        })
    }
}
