//! Prompts, one file each: recipes that lead a model through several tools to an answer.
//!
//! A recipe is a text in a `.md` file with places for names and moments, which are looked up before they are put in: a
//! store of somebody else is refused here already. To add one: write its two files, and name it in `list` and `get`.
#![expect(clippy::disallowed_methods, reason = "what a recipe is about is found by services")]

mod category_deep_dive;
mod fill;
mod restock_advice;
mod store_review;

use rmcp::ErrorData;
use rmcp::model::{
    GetPromptRequestParams, GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role,
};

use super::answer;
use crate::call;
use crate::database::Database;
use crate::error::{Code, Reason, ToolError};

/// The period that is meant when nobody names one.
const LAST_MONTH: &str = "last_month";

/// All prompts.
pub(super) fn list() -> Vec<Prompt> {
    vec![category_deep_dive::prompt(), restock_advice::prompt(), store_review::prompt()]
}

/// Writes a prompt for its arguments.
pub(super) async fn get(
    database: &Database,
    request: GetPromptRequestParams,
) -> Result<GetPromptResult, ErrorData> {
    let prompt = find(&request.name)?;
    let arguments = Arguments::read(&prompt, request.arguments.unwrap_or_default())?;
    let text = match prompt.name.as_str() {
        category_deep_dive::NAME => category_deep_dive::text(database, &arguments).await,
        restock_advice::NAME => restock_advice::text(database, &arguments).await,
        _ => store_review::text(database, &arguments).await,
    };
    let text = text.map_err(|error| failed(&error))?;
    let result = GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)]);
    Ok(prompt.description.into_iter().fold(result, GetPromptResult::with_description))
}

/// Refuses a prompt that does not exist, and an argument that it does not have.
pub(super) fn must_have(name: &str, argument: &str) -> Result<(), ErrorData> {
    let prompt = find(name)?;
    if prompt.arguments.iter().flatten().any(|known| known.name == argument) {
        return Ok(());
    }
    Err(ErrorData::invalid_params(format!("{name} has no argument {argument}"), None))
}

fn find(name: &str) -> Result<Prompt, ErrorData> {
    let all = list();
    let names: Vec<&str> = all.iter().map(|prompt| prompt.name.as_str()).collect();
    let unknown = format!("Unknown prompt: {name}. Prompts: {}", names.join(", "));
    all.into_iter().find(|prompt| prompt.name == name).ok_or_else(|| ErrorData::invalid_params(unknown, None))
}

/// What can be mended by other arguments, and what cannot.
fn failed(error: &ToolError) -> ErrorData {
    call::failed(error.reason);
    let mendable = error.reason.code() == Code::Validation || error.reason == Reason::StoreNotYours;
    if mendable {
        return ErrorData::invalid_params(error.to_string(), None);
    }
    answer::protocol_error(error)
}

/// The arguments of a prompt: texts, all of them known.
struct Arguments(JsonObject);

impl Arguments {
    fn read(prompt: &Prompt, given: JsonObject) -> Result<Self, ErrorData> {
        let known = || prompt.arguments.iter().flatten();
        let refused = |message: String| Err(ErrorData::invalid_params(message, None));
        for (name, value) in &given {
            if !known().any(|argument| argument.name == *name) {
                let names: Vec<&str> = known().map(|argument| argument.name.as_str()).collect();
                return refused(format!(
                    "{} has no argument {name}; it has {}",
                    prompt.name,
                    names.join(", ")
                ));
            }
            if !value.is_string() {
                return refused(format!("{name} must be a string, not {value}"));
            }
        }
        let arguments = Self(given);
        let missing = known()
            .find(|argument| argument.required == Some(true) && arguments.get(&argument.name).is_none());
        match missing {
            Some(argument) => refused(format!("{} needs the argument {}", prompt.name, argument.name)),
            None => Ok(arguments),
        }
    }

    /// An argument's text; clients send an empty one for what a person left out.
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }
}

fn argument(name: &str, description: &str, required: bool) -> PromptArgument {
    PromptArgument::new(name).with_description(description).with_required(required)
}

fn store_argument() -> PromptArgument {
    argument("store", "One of your stores, or a part of its name; left out: your only store, or all", false)
}

fn period_argument() -> PromptArgument {
    let description = "last_month (the default), 2026-Q2, 2026-05, 2026-01-01/2026-06-30, ...";
    argument("period", description, false)
}
