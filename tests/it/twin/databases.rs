//! Twins of the shop for one person: her own rows are the same, everybody else's are absent, changed or multiplied.

use std::sync::OnceLock;

use serde_json::Value;

use super::ask::{Asker, Reply};
use crate::attacks::stage::{PUGET_SOUNDS_STORES, SEATTLES_STORE};
use crate::support::shop::{Database, PUGET_SOUND, SEATTLE};

/// Whose rows stay the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) identity: &'static str,
    /// A query of her stores.
    pub(super) stores: &'static str,
}

pub(super) const STORE_MANAGER: Person =
    Person { name: "seattle", identity: SEATTLE, stores: SEATTLES_STORE };
pub(super) const REGIONAL_MANAGER: Person =
    Person { name: "puget_sound", identity: PUGET_SOUND, stores: PUGET_SOUNDS_STORES };

/// What happens to other stores' rows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Others {
    Absent,
    Changed,
    Multiplied,
}

impl Others {
    const ALL: [Self; 3] = [Self::Absent, Self::Changed, Self::Multiplied];

    fn script(self) -> &'static str {
        match self {
            Self::Absent => include_str!("absent.sql"),
            Self::Changed => include_str!("changed.sql"),
            Self::Multiplied => include_str!("multiplied.sql"),
        }
    }

    /// Where one's own rows lie; in the shop itself they come first.
    fn place(self) -> &'static str {
        match self {
            Self::Absent | Self::Changed => ":own,",
            Self::Multiplied => "",
        }
    }
}

/// A copy of the shop in which others' rows are so. One's own rows lie elsewhere, though in the same order, and
/// statistics are taken anew, so that plans may differ as well.
pub(super) fn twin(person: Person, others: Others) -> Database {
    let database = Database::copy();
    let own = format!("store_id IN ({})", person.stores);
    let ours = format!(
        "SELECT md5(string_agg(o::text, ',' ORDER BY o.order_id)) FROM retail.orders AS o WHERE {own}"
    );
    let theirs = format!(
        "SELECT count(*)::text || coalesce(sum(total_amount), 0)::text FROM retail.orders WHERE NOT ({own})"
    );
    let before = [database.value(&ours), database.value(&theirs)];
    let login = format!("zava_{}", person.name);
    database.script(&others.script().replace(":own", &own).replace(":login", &login));
    place(&database, person, others.place());
    assert_eq!(database.value(&ours), before[0], "one's own rows are untouched");
    assert_ne!(database.value(&theirs), before[1], "the others' are not");
    database
}

/// Lays the rows out by an expression over `:own`, and takes statistics.
fn place(database: &Database, person: Person, order: &str) {
    let stores = format!("SELECT array_agg(store_id)::text FROM ({}) AS s", person.stores);
    let own = format!("(store_id = ANY ('{}'::uuid[]))", database.value(&stores));
    let script = include_str!("placed.sql").replace(":order", &order.replace(":own", &own));
    // one by one: CLUSTER is no part of a longer transaction
    script.split(";\n").filter(|statement| !statement.trim().is_empty()).for_each(|one| database.script(one));
    database.script("ANALYZE");
}

/// The shop and its three twins.
pub(super) struct Twins {
    pub(super) person: Person,
    pub(super) base: Database,
    others: [Database; 3],
}

impl Twins {
    /// Those of a person, made once for all tests, which only read them.
    pub(super) fn of(person: Person) -> &'static Self {
        static TWINS: [OnceLock<Twins>; 2] = [OnceLock::new(), OnceLock::new()];
        TWINS[usize::from(person.identity == PUGET_SOUND)].get_or_init(|| Self::new(person))
    }

    fn new(person: Person) -> Self {
        let base = Database::copy();
        place(&base, person, "(NOT :own),");
        std::thread::scope(|scope| {
            let made = Others::ALL.map(|others| scope.spawn(move || twin(person, others)));
            Self { person, base, others: made.map(|twin| twin.join().expect("a twin")) }
        })
    }

    /// Asks all four databases at the same time: the replies of the shop, and of its twins.
    pub(super) fn ask(&self, calls: &[Value], timeout: u32) -> (Vec<Reply>, [Vec<Reply>; 3]) {
        let asker = Asker { identity: self.person.identity, timeout };
        std::thread::scope(|scope| {
            let others = self.others.each_ref().map(|twin| scope.spawn(move || asker.ask(twin, calls)));
            let base = asker.ask(&self.base, calls);
            (base, others.map(|replies| replies.join().expect("replies")))
        })
    }
}
