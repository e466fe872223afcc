//! `zava-mcp db create`: the schema, its row security, and on the local server or when asked the sample's identities.

use super::rights::{self, Rights};
use crate::admin::identity::{self, sample};
use crate::admin::owner::OwnerArgs;
use crate::admin::partition::{self, Partitioned};
use crate::admin::print;

/// Options of `db create`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Give the people of the sample shop their logins, as on the managed local server; elsewhere the connection string
    /// of each is printed, once
    #[arg(long, env = "ZAVA_SAMPLE_PEOPLE")]
    sample_people: bool,

    /// Keep orders and their lines in one partition for each month, for tens of millions of lines: what is there is copied
    ///
    /// From the month of the oldest order, at most 20 years ago, to two years from now; everything else goes to a default
    /// partition. Run it again now and then: it adds the months that have come nearer.
    #[arg(long, env = "ZAVA_PARTITIONED")]
    partitioned: bool,

    #[command(flatten)]
    owner: OwnerArgs,
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    let (entrance, created) = options.owner.connect_or_create().await?;
    if created {
        print::line(format_args!("created the database {}", entrance.database()));
    }
    let applied = super::steps::apply(&entrance.owner).await?;
    for step in &applied {
        print::line(format_args!("applied {step}"));
    }
    if applied.is_empty() {
        print::line("the schema is up to date; nothing was changed");
    }
    if options.partitioned {
        let done = partition::apply(&entrance.owner).await?;
        print::line(match done {
            Partitioned::Now => "orders and their lines are partitioned by month now".to_owned(),
            Partitioned::Before { months } => format!("partitioned already; added {months} months"),
        });
    }
    let strict = rights::may_be_strict(&entrance.owner).await?;
    Rights { everybody_connects: false, strict }.apply(&entrance.owner).await?;
    if !strict {
        print::line(rights::STAYS_OPEN);
    }
    if entrance.local.is_none() && !options.sample_people {
        print::line(
            "next: `zava-mcp identity add` for each person, then `zava-mcp db seed` for a sample shop",
        );
        return Ok(());
    }
    let mut added = 0;
    for person in sample()? {
        added += usize::from(identity::ensure(&entrance, &person).await?);
    }
    if added > 0 {
        print::line(format_args!("added {added} identities; `zava-mcp identity list` shows them"));
    }
    Ok(())
}
