//! The pictures beside names, as data URIs: nothing is fetched, and PNG is what every client that shows icons must know.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::Icon;

/// The store front: the server, and stores.
pub(super) const SHOP: &[u8] = include_bytes!("icons/shop.png");
/// A database.
pub(super) const QUERY: &[u8] = include_bytes!("icons/query.png");
/// A table.
pub(super) const TABLE: &[u8] = include_bytes!("icons/table.png");
/// A magnifying glass.
pub(super) const SEARCH: &[u8] = include_bytes!("icons/search.png");
/// A bar chart.
pub(super) const CHART: &[u8] = include_bytes!("icons/chart.png");
/// A clock.
pub(super) const CLOCK: &[u8] = include_bytes!("icons/clock.png");
/// A price tag.
pub(super) const TAG: &[u8] = include_bytes!("icons/tag.png");

/// One picture, 16 by 16 points, as rmcp wants it. The type stands in the address: it is not said again.
pub(super) fn of(png: &[u8]) -> Vec<Icon> {
    let src = format!("data:image/png;base64,{}", STANDARD.encode(png));
    vec![Icon::new(src)]
}
