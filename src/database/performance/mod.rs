//! What stores sold: the figures behind a review of a store, all read in one view.

mod rows;

use jiff::civil::DateTime;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use self::rows::Newest;
pub use self::rows::{Clock, Day, Line, Promotion, Returned, Stock, StoreSales, Totals};
use super::{Database, DatabaseError, View, statements};

/// Products of each kind that stand out.
const PRODUCTS: i64 = 5;
/// Products of stock at risk, and of those that come back too often.
const RISKS: i64 = 10;

/// For a merge join PostgreSQL would walk through an index of all customers and takes that for cheap: 8 s instead of 2.8 s on ten
/// million lines, with its usual `work_mem`.
const NO_LONG_WALKS: &str = "SET LOCAL enable_mergejoin = off";

/// First moment and first moment after, in the shop's local time.
pub type Moments = (DateTime, DateTime);

/// All figures of one review. Money is in US cents.
#[derive(Clone, Debug)]
pub struct Performance {
    /// For each stretch, in their order.
    pub totals: Vec<Totals>,
    /// All lines, by category, and of products that stand out.
    pub lines: Vec<Line>,
    /// Days of the first stretch that had an order.
    pub days: Vec<Day>,
    /// Promotions of the first stretch.
    pub promotions: Vec<Promotion>,
    /// Products of the first stretch that come back too often.
    pub returns: Vec<Returned>,
    /// Stock at risk today.
    pub stock: Vec<Stock>,
    /// Stores by stretch; empty when one store was asked for.
    pub stores: Vec<StoreSales>,
}

impl Database {
    /// What time it is in the shop.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, refuses, or is another schema than this shop's.
    pub async fn shop_clock(&self) -> Result<Clock, DatabaseError> {
        let view = self.view().await?;
        let rows: Vec<Clock> = read(&view, statements::PERFORMANCE_CLOCK, &[]).await?;
        view.close().await?;
        rows.into_iter().next().ok_or(DatabaseError::Pool { cause: "no clock".to_owned() })
    }

    /// The figures of `store`, or of all that the caller sees, in `spans`: the stretch that is asked for, the one before,
    /// the year before, and the one before that.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn performance(
        &self,
        store: Option<&str>,
        spans: [Moments; 4],
        clock: &Clock,
    ) -> Result<Performance, DatabaseError> {
        let view = self.view().await?;
        // On the heap: seven statements wait in it.
        let performance = Box::pin(view.performance(store, spans, clock)).await?;
        view.close().await?;
        Ok(performance)
    }
}

impl View {
    /// When the newest order was placed.
    async fn newest(&self, store: Option<&str>) -> Result<Option<DateTime>, DatabaseError> {
        let rows: Vec<Newest> = read(self, statements::PERFORMANCE_NEWEST, &[(&store, Type::TEXT)]).await?;
        Ok(rows.into_iter().next().and_then(|row| row.newest))
    }

    /// All statements but the first two are sent at once; PostgreSQL answers them in their order.
    async fn performance(
        &self,
        store: Option<&str>,
        spans: [Moments; 4],
        clock: &Clock,
    ) -> Result<Performance, DatabaseError> {
        let doing = "set up a review";
        let (_, newest) = tokio::try_join!(self.query(doing, NO_LONG_WALKS, &[]), self.newest(store))?;
        let (from, until): (Vec<DateTime>, Vec<DateTime>) = spans.into_iter().unzip();
        let [(first, after), ..] = spans;
        let lines = fitted(statements::PERFORMANCE_LINES, clock);
        let promotions = fitted(statements::PERFORMANCE_PROMOTIONS, clock);
        let (returns, stock) =
            (fitted(statements::PERFORMANCE_RETURNS, clock), fitted(statements::PERFORMANCE_STOCK, clock));
        let store: Param = (&store, Type::TEXT);
        let spans: [Param; 2] = [(&from, Type::TIMESTAMP_ARRAY), (&until, Type::TIMESTAMP_ARRAY)];
        let range: [Param; 2] = [(&first, Type::TIMESTAMP), (&after, Type::TIMESTAMP)];
        let [lower, upper] = spans.clone();
        let in_spans = [store.clone(), lower, upper];
        let [lower, upper] = range;
        let in_range = [store.clone(), lower, upper];
        let products: Param = (&PRODUCTS, Type::INT8);
        let risks: Param = (&RISKS, Type::INT8);
        let of_products = [in_spans.to_vec(), vec![products]].concat();
        let of_returns = [in_range.to_vec(), vec![risks.clone()]].concat();
        let of_stock = [store, risks, (&newest, Type::TIMESTAMP)];
        let (totals, lines, days, promotions, returns, stock, stores) = tokio::try_join!(
            read(self, statements::PERFORMANCE_TOTALS, &in_spans),
            read(self, &lines, &of_products),
            read(self, statements::PERFORMANCE_DAYS, &in_range),
            read(self, &promotions, &in_range),
            read(self, &returns, &of_returns),
            read(self, &stock, &of_stock),
            read(self, statements::PERFORMANCE_STORES, &spans),
        )?;
        Ok(Performance { totals, lines, days, promotions, returns, stock, stores })
    }
}

type Param<'a> = (&'a (dyn ToSql + Sync), Type);

async fn read<T>(view: &View, statement: &str, params: &[Param<'_>]) -> Result<Vec<T>, DatabaseError>
where
    T: for<'a> TryFrom<&'a Row, Error = tokio_postgres::Error>,
{
    let rows = view.query("read what was sold", statement, params).await?;
    let failed = |source| DatabaseError::Statement { doing: "read what was sold", source };
    rows.iter().map(|row| T::try_from(row).map_err(failed)).collect()
}

/// The statement as this database has to have it. A column that may not be read would make it fail: cost is NULL then.
/// Lines with a date are joined by it too, so that a period reads the partitions of its months only.
fn fitted(statement: &str, clock: &Clock) -> String {
    let mut fitted = statement.to_owned();
    if !clock.may_read_cost {
        fitted = fitted.replace("p.cost", "NULL::numeric");
    }
    if clock.dated_lines {
        fitted = fitted.replace(SAME_ORDER, SAME_ORDER_AND_DATE);
    }
    fitted
}

/// How the statements join lines with their orders.
const SAME_ORDER: &str = "ON i.order_id = o.order_id AND i.store_id = o.store_id";
const SAME_ORDER_AND_DATE: &str =
    "ON i.order_id = o.order_id AND i.store_id = o.store_id AND i.order_date = o.order_date";

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Clock, SAME_ORDER_AND_DATE, fitted, statements};

    #[test]
    fn lines_with_a_date_are_joined_by_it_in_every_statement() {
        let now = date(2026, 3, 1).at(9, 0, 0, 0);
        let plain = Clock { now, may_read_cost: true, dated_lines: false };
        let by_month = Clock { dated_lines: true, ..plain.clone() };
        for statement in [
            statements::PERFORMANCE_LINES,
            statements::PERFORMANCE_PROMOTIONS,
            statements::PERFORMANCE_RETURNS,
            statements::PERFORMANCE_STOCK,
        ] {
            assert_eq!(statement.matches("retail.order_items").count(), 1, "{statement}");
            assert_eq!(fitted(statement, &plain), statement);
            assert_eq!(fitted(statement, &by_month).matches(SAME_ORDER_AND_DATE).count(), 1, "{statement}");
        }
    }
}
