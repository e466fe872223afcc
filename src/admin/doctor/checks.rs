//! The checks, in the order in which one failing makes the next pointless.

use super::finding::Finding;
use crate::database::local::{LocalServer, State, Status};
use crate::database::{Check, Database, ShopSize, statements};
use crate::error::{Code, ToolError};
use crate::settings::{ConnectionSource, ServeArgs};

/// Runs all checks that can be run.
pub(super) async fn run(args: &ServeArgs) -> anyhow::Result<Vec<Finding>> {
    let mut findings = vec![Finding::ok("version", format!("zava-mcp {}", env!("CARGO_PKG_VERSION")))];
    let source = args.connection.source()?;
    findings.push(Finding::ok("configuration", describe(&source)));
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
    identity(&Database::new(args)?, &mut findings).await;
    Ok(findings)
}

fn describe(source: &ConnectionSource) -> String {
    match source {
        ConnectionSource::Url { .. } => "the database of --database-url or DATABASE_URL".to_owned(),
        ConnectionSource::Parts(parts) => {
            format!("{} on {}:{} (from {})", parts.database, parts.host, parts.port, parts.from)
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

async fn identity(database: &Database, findings: &mut Vec<Finding>) {
    let checks = match database.posture().await {
        Ok(checks) => checks,
        Err(error) => {
            let ToolError { reason, message, next, .. } = error.into();
            let name = if reason.code() == Code::Authorization { "identity" } else { "database" };
            findings.push(Finding::fail(name, format!("{message} ({})", reason.as_str()), next));
            return;
        }
    };
    findings.push(Finding::ok("database", "reachable"));
    findings.push(Finding::ok("identity", "the login fits the identity"));
    findings.extend(checks.iter().map(posture));
    findings.push(statements_prepare(database).await);
    match database.shop_size().await {
        Ok(size) => findings.extend(shop(size)),
        Err(error) => {
            let ToolError { message, next, .. } = error.into();
            findings.push(Finding::fail("shop", message, next));
        }
    }
}

fn posture(check: &Check) -> Finding {
    if check.ok {
        return Finding::ok(&check.name, &check.detail);
    }
    let remedy = match check.name.as_str() {
        "server_version" => "use PostgreSQL 16 or newer",
        "pgvector" => "install pgvector for this PostgreSQL, then zava-mcp db create",
        "login_bound" | "login_owns_nothing" => {
            "zava-mcp identity add makes a login of its own for this identity"
        }
        "row_security_forced" | "stores_pinned" => {
            "zava-mcp db create on a new database; do not serve this one"
        }
        "nothing_writable" => "REVOKE ALL ON the tables named here FROM the login; only SELECT is needed",
        _ => {
            "zava-mcp db create for the database itself; else REVOKE CREATE on what is named here from PUBLIC and the login"
        }
    };
    Finding::fail(&check.name, &check.detail, remedy)
}

async fn statements_prepare(database: &Database) -> Finding {
    let mut broken = Vec::new();
    for (name, statement) in statements::ALL {
        if let Err(error) = database.prepares(statement).await {
            broken.push(format!("{name} ({})", crate::error::chain(&error)));
        }
    }
    if broken.is_empty() {
        return Finding::ok("statements", format!("all {} statements prepare", statements::ALL.len()));
    }
    Finding::fail("statements", broken.join("; "), "zava-mcp db create brings the schema up to date")
}

fn shop(size: ShopSize) -> [Finding; 2] {
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
