//! Twins of the shop for one identity: its own rows are the same, everybody else's are absent, changed or multiplied.

use crate::support::shop::Database;

/// The store that stays the same; everything of others may differ.
const OWN: &str =
    "store_id = (SELECT s.store_id FROM retail.stores AS s WHERE s.name = 'Zava Retail Seattle')";

/// What happens to other stores' rows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Others {
    Absent,
    Changed,
    Multiplied,
}

impl Others {
    pub(crate) const ALL: [Self; 3] = [Self::Absent, Self::Changed, Self::Multiplied];

    fn script(self) -> String {
        let text = match self {
            Self::Absent => include_str!("absent.sql"),
            Self::Changed => include_str!("changed.sql"),
            Self::Multiplied => include_str!("multiplied.sql"),
        };
        text.replace(":own", OWN)
    }
}

/// A copy of the shop in which others' rows are so. Statistics are taken anew, so that plans may differ as well.
pub(crate) fn twin(others: Others) -> Database {
    let database = Database::copy();
    let own = "SELECT md5(string_agg(o::text, ',' ORDER BY o.order_id)) FROM retail.orders AS o WHERE ";
    let foreign = format!(
        "SELECT count(*)::text || coalesce(sum(total_amount), 0)::text FROM retail.orders WHERE NOT {OWN}"
    );
    let (ours, theirs) = (database.value(&format!("{own}{OWN}")), database.value(&foreign));
    database.script(&others.script());
    database.script("ANALYZE");
    assert_eq!(database.value(&format!("{own}{OWN}")), ours, "one's own rows are untouched");
    assert_ne!(database.value(&foreign), theirs, "the others' are not");
    database
}
