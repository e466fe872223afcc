//! One type for each statement of a review, read by the names of its columns. Money is in US cents.

use jiff::civil::{Date, DateTime};
use tokio_postgres::Row;

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        #[allow(unreachable_pub, reason = "the room exports them")]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

        impl TryFrom<&Row> for $name {
            type Error = tokio_postgres::Error;

            fn try_from(row: &Row) -> Result<Self, Self::Error> {
                Ok(Self { $($field: row.try_get(stringify!($field))?,)* })
            }
        }
    )*};
}

rows! {
    /// Orders and customers of a stretch.
    Totals {
        /// Of completed orders, after discounts.
        revenue: i64,
        /// Of orders that came back.
        returned: i64,
        /// Of orders that are not handed over yet.
        pending: i64,
        /// Completed.
        orders: i64,
        /// Orders that came back.
        returned_orders: i64,
        /// Orders not handed over yet.
        pending_orders: i64,
        /// Who completed an order.
        customers: i64,
        /// Of them: the first one ever.
        new_customers: i64,
    }

    /// Lines of completed orders.
    Line {
        /// `all`, `category`, `best`, `worst` or `falling`.
        kind: String,
        /// Of the category or product.
        name: Option<String>,
        /// Of the product.
        sku: Option<String>,
        /// Place of the product among its kind, from 1.
        place: Option<i64>,
        /// Stretch, from 1.
        span: i32,
        /// Pieces.
        units: i64,
        /// After discounts.
        revenue: i64,
        /// The discounts.
        discount: i64,
        /// At today's cost; `None` where the caller may not read it.
        cost: Option<i64>,
        /// What differing prices brought to the first stretch, against this one; of kind `all` only.
        price_effect: Option<i64>,
    }

    /// A day with orders.
    Day {
        /// The day.
        day: Date,
        /// Of completed orders.
        revenue: i64,
        /// Completed.
        orders: i64,
    }

    /// A promotion and the ordinary days around it.
    Promotion {
        /// Category.
        category: String,
        /// Type; `None` for the whole category.
        product_type: Option<String>,
        /// First day.
        first_day: Date,
        /// Last day.
        last_day: Date,
        /// Days with a discount on most lines.
        days: i64,
        /// Days without.
        ordinary_days: i64,
        /// Lines of the promotion's days.
        lines: i64,
        /// Percent of list value.
        discount_percent: f64,
        /// Of its days.
        revenue: i64,
        /// Of its days.
        cost: Option<i64>,
        /// Of the ordinary days.
        ordinary_revenue: i64,
        /// Of the ordinary days.
        ordinary_cost: Option<i64>,
    }

    /// A product that comes back more often than others.
    Returned {
        /// Product.
        name: String,
        /// Article number.
        sku: String,
        /// Lines, completed and returned.
        lines: i64,
        /// Of them returned.
        returned: i64,
        /// Refunds.
        refunded: i64,
        /// Lines of all products.
        all_lines: i64,
        /// Of them returned.
        all_returned: i64,
    }

    /// A product that is out of stock, or soon will be.
    Stock {
        /// Store.
        store: String,
        /// Product.
        name: String,
        /// Article number.
        sku: String,
        /// Pieces on hand.
        stock: i32,
        /// Pace of selling.
        pieces_a_week: f64,
        /// Days until it is out, at that pace.
        cover_days: f64,
        /// Last sale.
        last_sold: Date,
        /// Day of the newest order.
        today: Date,
        /// Days since the last sale when it is out, else 0.
        days_out: i32,
        /// Lost since it ran out, or what a week's sales are worth.
        at_risk: i64,
    }

    /// What a store sold in a stretch.
    StoreSales {
        /// Store.
        store: String,
        /// Stretch, from 1.
        span: i32,
        /// Of completed orders.
        revenue: i64,
        /// Completed.
        orders: i64,
    }

    /// Where the orders end.
    Newest {
        /// When the newest order was placed; none without orders.
        newest: Option<DateTime>,
    }

    /// The shop's clock, and what of it the caller may see.
    Clock {
        /// Local time of the shop.
        now: DateTime,
        /// Whether the caller may read what products cost.
        may_read_cost: bool,
        /// Whether lines carry the date of their order, by which both are partitioned.
        dated_lines: bool,
    }
}
