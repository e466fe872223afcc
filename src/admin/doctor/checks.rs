//! The checks, in the order in which one failing makes the next pointless.

use super::finding::Finding;
use super::{around, embeddings, encryption, posture};
use crate::database::local::{LocalServer, State, Status};
use crate::database::{Database, Grade, Identity, ServerVersion, ShopSize, of_the_original, statements};
use crate::error::{Code, Reason, ToolError};
use crate::settings::{ConnectionSource, LogArgs, ServeArgs};

/// What to do about a database that nobody answers for.
const REACH: &str =
    "start the server there, or correct its address in DATABASE_URL, POSTGRES_DB_HOST or PGHOST";

/// Runs all checks that can be run.
pub(super) async fn run(args: &ServeArgs, log: &LogArgs) -> anyhow::Result<Vec<Finding>> {
    let mut findings = vec![Finding::ok("version", format!("zava-mcp {}", env!("CARGO_PKG_VERSION")))];
    let source = args.connection.source()?;
    findings.push(Finding::ok("configuration", describe(&source)));
    let (model, space) = embeddings::finding(&args.embedding()?).await;
    findings.push(model);
    findings.push(around::cache(&args.cache).await?);
    findings.extend(around::logs(log, args));
    if matches!(source, ConnectionSource::Local) {
        let usable = local_server(args, &mut findings).await;
        if !usable {
            return Ok(findings);
        }
    }
    if args.rls_user.is_none() {
        findings.push(Finding::warn(
            "identity",
            "no identity was given, so no login was checked",
            "give --rls-user UUID; `zava-mcp identity list` shows the ids",
        ));
        return Ok(findings);
    }
    let passwords = crate::entra::passwords(&args.connection.wire)?;
    let database = Database::with_passwords(args, passwords)?;
    if let Some(identity) = identity(&database, args.allow_asserted_identity, &mut findings).await {
        shop(&database, identity, &mut findings).await;
        if let Some(space) = space
            && let Ok(Some(fresh)) = database.freshness(&space).await
        {
            findings.push(embeddings::vectors(fresh));
        }
    }
    Ok(findings)
}

fn describe(source: &ConnectionSource) -> String {
    match source {
        ConnectionSource::Url { .. } => "the database of --database-url or DATABASE_URL".to_owned(),
        ConnectionSource::Parts(parts) => {
            let numbers: Vec<String> = parts.ports.iter().map(u16::to_string).collect();
            format!("{} on {}:{} (from {})", parts.database, parts.host, numbers.join(","), parts.from)
        }
        ConnectionSource::Local => {
            "the managed local server, because no other database is configured".to_owned()
        }
    }
}

/// Whether the local server can be asked further.
async fn local_server(args: &ServeArgs, findings: &mut Vec<Finding>) -> bool {
    let name = "local_server";
    let status = match LocalServer::at(&args.local) {
        Ok(server) => server.status().await,
        Err(error) => Err(error),
    };
    let (detail, remedy) = match status {
        Ok(Status { state: State::Running, data_dir, version, .. }) => {
            let version = version.unwrap_or_default();
            findings.push(Finding::ok(name, format!("PostgreSQL {version} runs in {}", data_dir.display())));
            return true;
        }
        Ok(Status { state: State::NotInstalled, bin_dir, .. }) => {
            (format!("no PostgreSQL in {}", bin_dir.display()), "scripts/install-postgres")
        }
        Ok(Status { state: State::NoCluster, data_dir, .. }) => (
            format!("no cluster in {} yet", data_dir.display()),
            "zava-mcp db up, then db create and db seed",
        ),
        Ok(Status { data_dir, .. }) => (format!("not running in {}", data_dir.display()), "zava-mcp db up"),
        Err(error) => (error.to_string(), "zava-mcp db status"),
    };
    findings.push(Finding::fail(name, detail, remedy));
    false
}

/// How sure the identity is, when the database can be served.
async fn identity(
    database: &Database,
    allow_asserted: bool,
    findings: &mut Vec<Finding>,
) -> Option<Identity> {
    let posture = match database.posture().await {
        Ok(posture) => posture,
        Err(error) => {
            findings.push(refused(error.into()));
            return None;
        }
    };
    findings.push(Finding::ok("database", "reachable"));
    findings.extend(database.where_to().map(encryption::finding));
    let (grade, identity) = (posture.grade(), posture.identity.as_ref().ok().copied());
    let checked = posture::findings(&posture, allow_asserted);
    match posture.identity {
        _ if posture.superuser => {}
        Ok(identity) => {
            findings
                .push(Finding::ok("identity", format!("the login fits the identity, which is {identity}")));
        }
        Err(error) => findings.push(refused(error.into())),
    }
    findings.extend(checked);
    let served = grade != Grade::F && !findings.iter().any(Finding::is_refusal);
    findings.push(posture::graded(if served { grade } else { Grade::F }));
    identity.filter(|_| served)
}

fn refused(error: ToolError) -> Finding {
    let ToolError { reason, message, next, .. } = error;
    let name = if reason.code() == Code::Authorization { "identity" } else { "database" };
    // Elsewhere the next step is to run what runs here.
    let next = if reason == Reason::Unreachable { REACH.to_owned() } else { next };
    Finding::fail(name, format!("{message} ({})", reason.as_str()), next)
}

/// Whether what is served is all there.
async fn shop(database: &Database, identity: Identity, findings: &mut Vec<Finding>) {
    if let Ok(version) = database.server_version().await {
        findings.push(around::clock(version.now));
        findings.extend(versions(version));
    }
    findings.push(statements_prepare(database, identity).await);
    match database.shop_size().await {
        Ok(size) => findings.extend(sizes(size)),
        Err(error) => {
            let ToolError { message, next, .. } = error.into();
            findings.push(Finding::fail("shop", message, next));
        }
    }
}

fn versions(found: ServerVersion) -> [Finding; 2] {
    let version = format!("PostgreSQL {}", found.version);
    let server = if found.number >= 160_000 {
        Finding::ok("server_version", version)
    } else {
        Finding::fail("server_version", version, "use PostgreSQL 16 or newer")
    };
    let pgvector = match found.pgvector {
        Some(version) => Finding::ok("pgvector", format!("pgvector {version}")),
        None => Finding::fail(
            "pgvector",
            "extension vector is missing",
            "install pgvector for this PostgreSQL, then zava-mcp db create",
        ),
    };
    [server, pgvector]
}

async fn statements_prepare(database: &Database, identity: Identity) -> Finding {
    let (mut broken, mut of_another_shop) = (Vec::new(), 0);
    for (name, statement) in statements::ALL {
        if identity == Identity::Asserted && statements::OF_THE_MAPPING.contains(statement) {
            continue;
        }
        let mut prepared = database.prepares(statement).await;
        if prepared.is_err() && *statement == statements::SEARCH_PRODUCTS {
            prepared = database.prepares(&of_the_original(statement)).await;
        }
        if let Err(error) = prepared {
            let unknown_column = error.sqlstate() == Some("42703");
            of_another_shop += usize::from(unknown_column && statements::OF_THE_SHOP.contains(statement));
            broken.push(format!("{name} ({})", crate::error::chain(&error)));
        }
    }
    if broken.is_empty() {
        return Finding::ok("statements", format!("all {} statements prepare", statements::ALL.len()));
    }
    // All of them, and nothing else: this is not a shop of ours that lacks a step, but the original's schema.
    if of_another_shop == statements::OF_THE_SHOP.len() && broken.len() == of_another_shop {
        return Finding::ok(
            "statements",
            "all prepare but those of get_store_performance, which this schema does not fit",
        );
    }
    Finding::fail("statements", broken.join("; "), "zava-mcp db create brings the schema up to date")
}

fn sizes(size: ShopSize) -> [Finding; 2] {
    let sees = format!("{} stores and {} products are visible", size.stores, size.products);
    let shop = if size.has_orders && size.products > 0 {
        Finding::ok("shop", sees)
    } else {
        Finding::warn("shop", format!("{sees}, but no orders"), "zava-mcp db seed fills the sample shop")
    };
    let search = if size.described == size.products && size.products > 0 {
        Finding::ok("search", format!("{} products have vectors", size.described))
    } else {
        Finding::ok("search", "by words; no embedding model is set up")
    };
    [shop, search]
}
