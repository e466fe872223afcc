//! Streams the rows into PostgreSQL, table after table.
//!
//! Orders and lines come from a thread of their own: while PostgreSQL takes one batch, the next one is made. A batch is
//! one COPY of orders and one of their lines; its size bounds the memory of this process. It would bound PostgreSQL's too,
//! which keeps a note for each row of a COPY whose references it has to check when the statement ends.

use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use futures_util::SinkExt as _;
use tokio::sync::mpsc;

use super::calendar::{DAY_SECONDS, Moment};
use super::inventory::Sales;
use super::orders::OrderBook;
use super::people::Names;
use super::rows::Rows;
use super::shop::Shop;
use super::{Progress, inventory, people};
use crate::database::Owner;

/// Orders in one COPY.
const BATCH: u64 = 20_000;
/// Customers in one COPY.
const CUSTOMER_BATCH: u64 = 50_000;
/// Bytes handed to the connection at once.
const CHUNK: usize = 256 * 1024;

/// Orders with their lines, ready to send.
struct Batch {
    orders: (Bytes, u64),
    lines: (Bytes, u64),
}

/// Writes all tables; returns how many rows each got. `by_month`: orders and lines are partitioned.
pub(super) async fn everything(
    owner: &Owner,
    shop: &Arc<Shop>,
    by_month: bool,
    progress: &mut dyn FnMut(Progress),
) -> anyhow::Result<Vec<(&'static str, u64)>> {
    progress(Progress { doing: "catalogue", orders: 0 });
    let mut written = catalogue(owner, shop).await?;
    progress(Progress { doing: "customers", orders: 0 });
    written.push(("customers", customers(owner, shop).await?));
    let (orders, lines, sales) = orders(owner, shop, by_month, progress).await?;
    written.extend([("orders", orders), ("order_items", lines)]);
    progress(Progress { doing: "inventory", orders });
    let mut stock = Rows::new();
    inventory::write(shop, &sales, &mut stock);
    written.push(("inventory", copy(owner, INVENTORY, stock.take()).await?));
    Ok(written)
}

const CATEGORIES: &str = "retail.categories (category_id, category_name)";
const TYPES: &str = "retail.product_types (product_type_id, category_id, type_name)";
const PRODUCTS: &str = "retail.products \
    (product_id, sku, name, description, category_id, product_type_id, cost, base_price, created_at)";
const CUSTOMERS: &str =
    "retail.customers (customer_id, store_id, first_name, last_name, email, phone, created_at)";
const ORDERS: &str = "retail.orders (order_id, customer_id, store_id, order_date, total_amount, status)";
const LINES: &str = "retail.order_items (order_item_id, order_id, store_id, product_id, quantity, unit_price, \
    discount_percent, discount_amount, total_amount)";
const DATED_LINES: &str = "retail.order_items (order_item_id, order_id, store_id, product_id, quantity, unit_price, \
    discount_percent, discount_amount, total_amount, order_date)";
const INVENTORY: &str = "retail.inventory (store_id, product_id, stock_level, reorder_level, updated_at)";

/// The tables were emptied in this transaction, so their rows can be marked as old at once.
const FROZEN: &str = "FORMAT binary, FREEZE";

/// Sends rows into a table, named with its columns.
async fn copy(owner: &Owner, table: &str, rows: (Bytes, u64)) -> anyhow::Result<u64> {
    copy_as(owner, table, FROZEN, rows).await
}

async fn copy_as(
    owner: &Owner,
    table: &str,
    options: &str,
    (mut bytes, count): (Bytes, u64),
) -> anyhow::Result<u64> {
    let name = table.split(' ').next().unwrap_or(table);
    let sql = format!("COPY {table} FROM STDIN WITH ({options})");
    let sink = owner.copy_in("copy rows into a table", &sql).await.with_context(|| name.to_owned())?;
    let mut sink = std::pin::pin!(sink);
    while !bytes.is_empty() {
        let chunk = bytes.split_to(CHUNK.min(bytes.len()));
        sink.send(chunk).await.with_context(|| format!("could not copy rows into {name}"))?;
    }
    sink.finish().await.with_context(|| format!("could not copy rows into {name}"))?;
    Ok(count)
}

async fn catalogue(owner: &Owner, shop: &Shop) -> anyhow::Result<Vec<(&'static str, u64)>> {
    let (mut categories, mut types, mut products) = (Rows::new(), Rows::new(), Rows::new());
    for category in &shop.catalogue.categories {
        categories.row(2).uuid(category.id).text(category.name);
        for kind in shop.catalogue.types.get(category.types.clone()).unwrap_or_default() {
            types.row(3).uuid(kind.id).uuid(category.id).text(&kind.name);
            for product in shop.catalogue.products.get(kind.products.clone()).unwrap_or_default() {
                let row = products.row(9).uuid(product.id).text(&product.sku).text(&product.name);
                row.text(&product.description).uuid(category.id).uuid(kind.id);
                row.cents(product.cost).cents(product.price).moment(listed(shop, product.id));
            }
        }
    }
    Ok(vec![
        ("categories", copy(owner, CATEGORIES, categories.take()).await?),
        ("product_types", copy(owner, TYPES, types.take()).await?),
        ("products", copy(owner, PRODUCTS, products.take()).await?),
    ])
}

/// When a product entered the catalogue: from one month to five years before the first order, by its key.
fn listed(shop: &Shop, key: uuid::Uuid) -> Moment {
    let first = shop.days.first().map_or(0, |day| day.number);
    let days = i64::try_from(key.as_u128() % 1_800).unwrap_or(0);
    Moment((first - 30 - days) * DAY_SECONDS + 9 * 3_600)
}

async fn customers(owner: &Owner, shop: &Shop) -> anyhow::Result<u64> {
    let (names, mut facts, mut rows) = (Names::read()?, people::facts(shop), Rows::new());
    let mut written = 0;
    for customer in people::all(shop) {
        people::write(shop, &names, customer, &mut facts, &mut rows);
        if rows.count() == CUSTOMER_BATCH {
            written += copy(owner, CUSTOMERS, rows.take()).await?;
        }
    }
    Ok(written + copy(owner, CUSTOMERS, rows.take()).await?)
}

async fn orders(
    owner: &Owner,
    shop: &Arc<Shop>,
    by_month: bool,
    progress: &mut dyn FnMut(Progress),
) -> anyhow::Result<(u64, u64, Sales)> {
    let (sender, mut batches) = mpsc::channel(1);
    let making = {
        let shop = Arc::clone(shop);
        tokio::task::spawn_blocking(move || make_batches(&shop, by_month, &sender))
    };
    // PostgreSQL freezes no rows on their way through a partitioned table
    let (options, line) = if by_month { ("FORMAT binary", DATED_LINES) } else { (FROZEN, LINES) };
    let (mut orders, mut lines) = (0, 0);
    while let Some(Batch { orders: heads, lines: rows }) = batches.recv().await {
        orders += copy_as(owner, ORDERS, options, heads).await?;
        lines += copy_as(owner, line, options, rows).await?;
        progress(Progress { doing: "orders", orders });
    }
    Ok((orders, lines, making.await.context("the generator of orders stopped")??))
}

fn make_batches(shop: &Shop, dated: bool, sender: &mpsc::Sender<Batch>) -> anyhow::Result<Sales> {
    let mut book = OrderBook::new(shop, dated);
    for day in &shop.days {
        book.write_day(day, |book| if book.orders.count() < BATCH { Ok(()) } else { send(book, sender) })?;
    }
    send(&mut book, sender)?;
    Ok(book.sales)
}

fn send(book: &mut OrderBook<'_>, sender: &mpsc::Sender<Batch>) -> anyhow::Result<()> {
    let batch = Batch { orders: book.orders.take(), lines: book.lines.take() };
    sender.blocking_send(batch).ok().context("nobody takes the orders any more")
}
