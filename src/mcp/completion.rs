//! Completion: the values that an argument of a resource or a prompt can have, by the argument's name, as this identity
//! sees them.
#![expect(clippy::disallowed_methods, reason = "what there is to choose from comes from services")]

use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompleteResult, CompletionInfo, Reference};

use super::{answer, prompts, resources};
use crate::database::Database;
use crate::error::ToolError;
use crate::services::{categories, describe_tables, period, stores};

/// Answers `completion/complete`: what begins with the text comes before what only contains it.
pub(super) async fn complete(
    database: &Database,
    request: CompleteRequestParams,
) -> Result<CompleteResult, ErrorData> {
    let (name, text) = (request.argument.name.as_str(), request.argument.value.as_str());
    must_have(&request.r#ref, name)?;
    let values = values(database, name, text).await.map_err(|error| answer::protocol_error(&error))?;
    let mut fitting = fitting(values, text);
    let total = fitting.len();
    fitting.truncate(CompletionInfo::MAX_VALUES);
    let has_more = total > fitting.len();
    CompletionInfo::with_pagination(fitting, u32::try_from(total).ok(), has_more)
        .map(CompleteResult::new)
        .map_err(|error| ErrorData::internal_error(error, None))
}

/// Refuses a reference that leads nowhere, and an argument that it does not have.
fn must_have(reference: &Reference, argument: &str) -> Result<(), ErrorData> {
    let refused = |message: String| Err(ErrorData::invalid_params(message, None));
    match reference {
        Reference::Resource(resource) => {
            let templates = resources::templates();
            if !templates.iter().any(|template| template.uri_template == resource.uri) {
                let known: Vec<&str> = templates.iter().map(|template| &*template.uri_template).collect();
                return refused(format!("Unknown template. Templates: {}", known.join(", ")));
            }
            if !resource.uri.contains(&format!("{{{argument}}}")) {
                return refused(format!("{} has no such argument", resource.uri));
            }
            Ok(())
        }
        Reference::Prompt(prompt) => prompts::must_have(&prompt.name, argument),
        _ => refused("Unknown kind of reference".to_owned()),
    }
}

/// Everything that an argument of that name can be; nothing for names that can be anything.
async fn values(database: &Database, argument: &str, text: &str) -> Result<Vec<String>, ToolError> {
    match argument {
        "table" => describe_tables::names(database).await,
        "store" => stores::names(database).await,
        "category" => categories::names(database).await,
        "time_period" | "period" => Ok(period::suggestions(text)),
        "days_of_cover" => Ok(["7", "14", "21", "30", "60", "90"].map(str::to_owned).into()),
        _ => Ok(Vec::new()),
    }
}

/// The values that begin with `text`, then those that contain it, whatever the case.
fn fitting(values: Vec<String>, text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let (mut begin, rest): (Vec<String>, Vec<String>) =
        values.into_iter().partition(|value| value.to_lowercase().starts_with(&text));
    begin.extend(rest.into_iter().filter(|value| value.to_lowercase().contains(&text)));
    begin
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::{fitting, values};
    use crate::database::Database;
    use crate::settings::ServeArgs;

    #[derive(clap::Parser)]
    struct Cli {
        #[command(flatten)]
        serve: ServeArgs,
    }

    #[test]
    fn periods_are_completed_without_a_database_and_an_unknown_argument_with_nothing() {
        let args = Cli::parse_from(["zava-mcp", "--rls-user", "00000000-0000-0000-0000-000000000000"]).serve;
        let database = Database::new(&args).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let complete = |argument: &str, text: &str| {
            fitting(runtime.block_on(values(&database, argument, text)).unwrap(), text)
        };
        assert_eq!(complete("time_period", "last_m"), ["last_month"]);
        assert!(complete("time_period", "").len() <= 100);
        assert!(complete("time_period", "2026-01-01")[0].starts_with("2026-01-01/"));
        assert!(complete("question", "").is_empty());
    }
}
