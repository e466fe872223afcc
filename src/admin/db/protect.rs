//! `zava-mcp db protect`: identities for a retail database that exists already.

use uuid::Uuid;

use super::rights;
use crate::admin::identity::{self, Person};
use crate::admin::owner::{Entrance, OwnerArgs};
use crate::admin::print;
use crate::admin::protect::{self, Kind, Outcome, Protected, Table, Wanted, Wishes};

/// Options of `db protect`.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Give an existing retail database identities that no SQL can forge.\n\n\
        Each store manager gets a login of her own, and row security pins every table with store data to the store of \
        that login, whatever settings a query changes and whatever other policies allow. Nothing of yours is dropped or \
        rewritten: policies are added (RESTRICTIVE, so they can only take away, and only from the new logins), row \
        security is forced, and a schema zava holds the mapping from login to RLS user id to store. Other logins see \
        what they saw before; only TEMPORARY and CREATE on the database are taken from everybody. Run by a superuser, it \
        also applies the strict profile, and every role that has something in this database keeps by name what PUBLIC \
        loses; only TABLESAMPLE is written otherwise from then on (TABLESAMPLE zava_closed.system). All of it happens in \
        one transaction and is recorded; running it again does only what is missing.\n\n\
        A table belongs to stores by its column store_id, or by its only foreign key to stores. Where customers have \
        another column than store_id (a first choice, such as primary_store_id), a store also sees those who ordered \
        there. The catalogue (categories, product_types, products and their vectors) is shared. Every other table stays \
        closed to the new logins until --shared names it.",
    after_help = "Examples:\n  \
        zava-mcp db protect --admin-url postgres://postgres@db/zava --dry-run\n  \
        zava-mcp db protect --admin-url postgres://postgres@db/zava --head-office 00000000-0000-0000-0000-000000000000\n  \
        zava-mcp db protect --schema shop --store-column visits=branch --shared suppliers --from-stores none\n\n\
        Then: zava-mcp doctor --rls-user UUID; zava-mcp identity list"
)]
pub struct Options {
    /// Schema of the shop's tables; the server itself reads `retail`
    #[arg(long, env = "ZAVA_PROTECT_SCHEMA", value_name = "NAME", default_value = "retail")]
    schema: String,

    /// Column that says whose a table's rows are, where it is not `store_id` nor the only foreign key to stores
    #[arg(long = "store-column", env = "ZAVA_PROTECT_STORE_COLUMN", value_name = "TABLE=COLUMN", value_parser = pair,
        value_delimiter = ',')]
    columns: Vec<(String, String)>,

    /// Table without store data that every identity may read, beside the catalogue
    #[arg(long, env = "ZAVA_PROTECT_SHARED", value_name = "TABLE", value_delimiter = ',')]
    shared: Vec<String>,

    /// Column of stores with the RLS user id of each store's manager, who gets a login; `none` adds nobody
    ///
    /// Default: `rls_user_id`, else `manager_id`, when stores has it as a uuid. An id at several stores gets all of them.
    #[arg(long, env = "ZAVA_PROTECT_FROM_STORES", value_name = "COLUMN")]
    from_stores: Option<String>,

    /// Also add a login for head office, which sees all stores, with this RLS user id
    #[arg(long, env = "ZAVA_PROTECT_HEAD_OFFICE", value_name = "UUID")]
    head_office: Option<Uuid>,

    /// Leave functions with side effects, statistics and TABLESAMPLE open to every login
    ///
    /// Otherwise a superuser's run takes them from PUBLIC and gives them to every role that has something in this database
    /// and is no identity, so that other programs go on. Roles that come later need them granted.
    #[arg(long, env = "ZAVA_PROTECT_WITHOUT_STRICT_PROFILE")]
    without_strict_profile: bool,

    /// Print the SQL that would be run, and change nothing
    #[arg(long, env = "ZAVA_PROTECT_DRY_RUN")]
    dry_run: bool,

    #[command(flatten)]
    owner: OwnerArgs,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (table, column) = text.split_once('=').ok_or("write TABLE=COLUMN")?;
    Ok((table.to_owned(), column.to_owned()))
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    let entrance = options.owner.connect().await?;
    let wishes = Wishes {
        schema: options.schema.clone(),
        columns: options.columns.clone(),
        shared: options.shared.clone(),
        without_strict_profile: options.without_strict_profile,
    };
    // Read first, so that a malformed id is told before anything is changed. An error about the schema reads better
    // from the protection itself, which comes next.
    let wanted =
        Wanted { schema: options.schema, from_stores: options.from_stores, head_office: options.head_office };
    let people = protect::people(&entrance, &wanted).await;
    match protect::protect(&entrance.owner, &wishes, options.dry_run || people.is_err()).await? {
        Outcome::MadeByCreate => {
            print::line(
                "`zava-mcp db create` made this database: identities are proven already; nothing was changed",
            );
        }
        Outcome::Protected(protected) if options.dry_run => dry_run(&protected, &people?),
        Outcome::Protected(protected) => {
            let people = people?;
            tell(&protected);
            let added = add(&entrance, &people).await?;
            summary(&protected, added);
        }
    }
    Ok(())
}

/// Prints the SQL, and as comments what is no SQL.
fn dry_run(protected: &Protected, people: &[Person]) {
    print::line(format_args!("{};", protect::BEGIN));
    for statement in &protected.statements {
        print::line(statement);
    }
    print::line(format_args!("-- a record of each of these goes here\n{};", protect::RECORD.trim_end()));
    for (doing, sql) in protected.rights.scripts() {
        print::line(format_args!("-- {doing}\n{};", sql.trim_end().trim_end_matches(';')));
    }
    print::line("COMMIT;");
    for person in people {
        print::line(format_args!("-- login {} for {} ({})", person.login, person.rls_user, person.title));
    }
    print::line(format_args!(
        "-- {} statements are missing; nothing was changed",
        protected.statements.len()
    ));
}

/// What each table is, and whether anything was done to it.
fn tell(protected: &Protected) {
    for table in &protected.tables {
        let done = if table.kind == Kind::Closed {
            "closed"
        } else if protected.changed.contains(&table.relation) {
            "protected"
        } else {
            "unchanged"
        };
        print::line(format_args!("{done:10} {:40} {}", table.relation, what(table)));
    }
    for what in &protected.rights_changed {
        print::line(format_args!("changed    {what}"));
    }
}

fn what(table: &Table) -> String {
    let column = table.store_column.as_deref().unwrap_or_default();
    match (table.kind, &table.also) {
        (Kind::Shared, _) => "the same for everybody".to_owned(),
        (Kind::Closed, _) => "not read by identities; --shared opens it, --store-column pins it".to_owned(),
        (_, None) => format!("one's own stores' rows, by {column}"),
        (_, Some(_)) => format!("one's own stores' rows, by {column}, and of those who ordered there"),
    }
}

async fn add(entrance: &Entrance, people: &[Person]) -> anyhow::Result<usize> {
    let mut added = 0;
    for person in people {
        if identity::ensure(entrance, person).await? {
            added += 1;
            print::line(format_args!(
                "added      {} for {} ({})",
                person.login, person.rls_user, person.title
            ));
        }
    }
    Ok(added)
}

fn summary(protected: &Protected, added: usize) {
    if protected.statements.is_empty() && protected.rights_changed.is_empty() && added == 0 {
        print::line("the database is protected already; nothing was changed");
    } else {
        print::line(
            "next: zava-mcp doctor --rls-user UUID for each identity; `zava-mcp identity list` shows them",
        );
    }
    if !protected.rights.strict && !protected.left_out {
        print::line(rights::STAYS_OPEN);
    }
    for login in &protected.others {
        print::line(format_args!(
            "note: {login} still reads store data without a pin. Other programs that use it go on as before: the identity \
             they send is only asserted, and their SQL can change it. zava-mcp serves it no longer; give its clients \
             the new logins. When nobody else needs it: ALTER ROLE {login} NOLOGIN"
        ));
    }
}
