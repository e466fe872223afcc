//! What an answer costs, against its floors in the same run: `scripts/bench` makes the database and runs this.
//!
//! *By hand* is the superuser, bound by no policy, with a hand-written `store_id = ...`: the driver asks in one round
//! trip and no transaction, and throws the rows away. *psql* is the same condition in a running psql, to the last line
//! that it prints. *Policies* is the same as Seattle's login, without the condition.
//! *Path* is `Database::run_query`: read-only transaction, parsed alone, wrapped, rows as JSON values. *Tool* is the
//! built binary over pipes, from the request to the last byte of the answer. The ways take turns, so that other load
//! hits them alike.
#![allow(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark may fail loudly and stands outside the walls"
)]

mod cases;
mod cpu;
mod psql;
mod shop;
mod tool;
mod ways;

use std::time::Instant;

use cases::Case;
use shop::Shop;
use ways::Way;

/// Turns that every way gets when the command line does not say.
const DEFAULT_ROUNDS: usize = 15;
/// Calls in flight in the second table.
const CALLERS: u32 = 8;

fn main() {
    // Cargo adds `--bench`.
    let rounds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(DEFAULT_ROUNDS);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let shop = Shop::open().await;
        println!("{} order lines, {} of them Seattle's, {rounds} rounds", shop.lines, shop.own_lines);
        println!(
            "\nOne caller. Wall: median µs of by hand, then ratios. CPU: µs a call, client + backend.\n"
        );
        println!(
            "{:24}{:>9}{:>10}{:>10}{:>10}{:>10}{:>10}{:>15}{:>15}{:>15}{:>10}",
            "", "by hand", "psql", "policies", "path", "tool", "tool", "policies", "path", "tool", "tool"
        );
        println!(
            "{:24}{:>9}{:>10}{:>10}{:>10}{:>10}{:>10}{:>15}{:>15}{:>15}{:>10}",
            "",
            "wall",
            "/ by hand",
            "/ by hand",
            "/policies",
            "/policies",
            "/ psql",
            "CPU",
            "CPU",
            "CPU",
            "peak MB"
        );
        for case in cases::all(&shop) {
            alone(&shop, &case, rounds).await;
        }
        println!("\n{CALLERS} callers: calls a second, then ratios.\n");
        println!("{:24}{:>10}{:>10}{:>10}{:>14}", "", "policies", "path", "tool", "tool calls/s");
        println!("{:24}{:>10}{:>10}{:>10}{:>14}", "", "calls/s", "/policies", "/policies", "");
        for case in cases::all(&shop) {
            together(&shop, &case, rounds).await;
        }
    });
}

/// What one way cost: the median of the wall clock, the means of the CPU times, in microseconds.
struct Cost {
    wall: f64,
    client: f64,
    backend: f64,
}

async fn alone(shop: &Shop, case: &Case, rounds: usize) {
    let mut ways = [
        Way::by_hand(shop, case).await,
        Way::policies(shop, case, 1).await,
        Way::path(shop, case, 1).await,
        Way::tool(shop, case).await,
        Way::psql(shop, case),
    ];
    let mut samples = [(); 5].map(|()| (Vec::new(), 0.0, 0.0));
    for round in 0..=rounds {
        for (way, (walls, client, backend)) in ways.iter_mut().zip(&mut samples) {
            let before = (way.client_cpu(), way.backend_cpu());
            let mut turn = Vec::with_capacity(case.calls);
            for _ in 0..case.calls {
                let started = Instant::now();
                way.call().await;
                turn.push(started.elapsed().as_secs_f64() * 1e6);
            }
            // The first round warms up.
            if round > 0 {
                walls.append(&mut turn);
                *client += way.client_cpu() - before.0;
                *backend += way.backend_cpu() - before.1;
            }
        }
    }
    let calls = (rounds * case.calls) as f64;
    let [hand, policies, path, tool, psql] = samples.map(|(walls, client, backend)| Cost {
        wall: median(walls),
        client: client / calls,
        backend: backend / calls,
    });
    let cpu = |cost: &Cost| format!("{:.0} + {:.0}", cost.client, cost.backend);
    println!(
        "{:24}{:9.0}{:10.2}{:10.2}{:10.2}{:10.2}{:10.2}{:>15}{:>15}{:>15}{:10.1}",
        case.name,
        hand.wall,
        psql.wall / hand.wall,
        policies.wall / hand.wall,
        path.wall / policies.wall,
        tool.wall / policies.wall,
        tool.wall / psql.wall,
        cpu(&policies),
        cpu(&path),
        cpu(&tool),
        ways[3].peak_megabytes(),
    );
}

async fn together(shop: &Shop, case: &Case, rounds: usize) {
    let mut ways = [
        Way::policies(shop, case, CALLERS).await,
        Way::path(shop, case, CALLERS).await,
        Way::tool(shop, case).await,
    ];
    let calls = case.calls.max(4);
    let mut rates = [(); 3].map(|()| Vec::new());
    for round in 0..=rounds {
        for (way, rates) in ways.iter_mut().zip(&mut rates) {
            let started = Instant::now();
            way.calls_at_once(CALLERS as usize, calls).await;
            let rate = f64::from(CALLERS) * calls as f64 / started.elapsed().as_secs_f64();
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    let [policies, path, tool] = rates.map(median);
    println!("{:24}{policies:10.0}{:10.2}{:10.2}{tool:14.0}", case.name, path / policies, tool / policies);
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
