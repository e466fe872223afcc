//! `chart_sales_query`: one SELECT of the assistant, as a picture.

use rmcp::model::{CallToolResult, JsonObject};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::ToolError;
use crate::mcp::{Progress, ZavaServer, answer, arguments, icon, schema};
use crate::services::chart_sales_query::{self, Ask, Kind, Theme};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {
    /// One SELECT: a column to draw along, others of numbers.
    postgresql_query: String,
    /// Left out: what suits.
    #[serde(default)]
    kind: Option<KindArgument>,
    /// Column along the axis.
    #[serde(default)]
    x: Option<String>,
    /// Columns of numbers.
    #[serde(default)]
    y: Vec<String>,
    /// Column told apart by colour.
    #[serde(default)]
    series: Option<String>,
    /// What it shows.
    #[serde(default)]
    title: Option<String>,
    /// Light unless said.
    #[serde(default)]
    theme: Option<ThemeArgument>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum KindArgument {
    Line,
    Bar,
    StackedBar,
    Pie,
    Scatter,
    Heatmap,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ThemeArgument {
    Light,
    Dark,
}

impl From<KindArgument> for Kind {
    fn from(kind: KindArgument) -> Self {
        match kind {
            KindArgument::Line => Self::Line,
            KindArgument::Bar => Self::Bar,
            KindArgument::StackedBar => Self::StackedBar,
            KindArgument::Pie => Self::Pie,
            KindArgument::Scatter => Self::Scatter,
            KindArgument::Heatmap => Self::Heatmap,
        }
    }
}

impl From<ThemeArgument> for Theme {
    fn from(theme: ThemeArgument) -> Self {
        match theme {
            ThemeArgument::Light => Self::Light,
            ThemeArgument::Dark => Self::Dark,
        }
    }
}

#[tool_router(router = chart_sales_query_router, vis = "pub(super)")]
impl ZavaServer {
    /// Draws the answer of one SELECT as a PNG; its rows come beside it. For a course in time (line), a comparison (bar), shares (stacked_bar; pie up to 7 parts), two measures (scatter), weekday by hour (heatmap). Aggregate in SQL; at most 8 series.
    #[tool(
        title = "Draw a chart",
        icons = icon::of(icon::CHART),
        input_schema = schema::of::<Arguments>(),
        annotations(read_only_hint = true, destructive_hint = false, idempotent_hint = true, open_world_hint = false)
    )]
    async fn chart_sales_query(
        &self,
        context: RequestContext<RoleServer>,
        arguments: JsonObject,
    ) -> Result<CallToolResult, ToolError> {
        let Arguments { postgresql_query, kind, x, y, series, title, theme } =
            arguments::read("chart_sales_query", arguments)?;
        let ask = Ask {
            kind: kind.map(Kind::from),
            x,
            y,
            series,
            title,
            theme: theme.map_or_else(Theme::default, Theme::from),
        };
        let at = Progress::teller(&context);
        let drawn = chart_sales_query::run(&self.database, &postgresql_query, ask, at).await?;
        answer::picture(&drawn, &drawn.png)
    }
}
