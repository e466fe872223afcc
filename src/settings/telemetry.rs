//! Settings of what goes to collectors: traces and metrics, and where.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::variable;

/// What a request to a collector may take where `OTEL_EXPORTER_OTLP_TIMEOUT` does not say.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where traces and metrics go.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Telemetry")]
pub struct TelemetryArgs {
    /// Collector that gets traces and metrics by OTLP over HTTP, such as http://localhost:4318
    ///
    /// The other OTEL_ variables of the OpenTelemetry specification are honoured as well.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL", hide_env_values = true)]
    pub otlp_endpoint: Option<SecretString>,

    /// Connection string of an Azure Application Insights resource that gets traces and metrics
    #[arg(
        long,
        env = "APPLICATIONINSIGHTS_CONNECTION_STRING",
        value_name = "STRING",
        hide_env_values = true
    )]
    pub application_insights: Option<SecretString>,

    /// File for Prometheus' textfile collector, written every 15 seconds and at the end
    ///
    /// `{identity}` and `{pid}` in it are replaced: each process needs a file of its own, whose name ends in .prom.
    #[arg(long, env = "ZAVA_METRICS_FILE", value_name = "PATH")]
    pub metrics_file: Option<PathBuf>,

    /// Put the text of queries into traces too, not only its SHA-256
    #[arg(long, env = "ZAVA_TRACE_SQL")]
    pub trace_sql: bool,
}

/// One kind of telemetry for a collector.
#[derive(Clone, Debug)]
pub enum OtlpEndpoint {
    /// The variables of its own say where.
    Own,
    /// There.
    At(String),
}

/// What a collector gets.
#[derive(Clone, Debug, Default)]
pub struct OtlpSettings {
    /// Where traces go, if anywhere.
    pub traces: Option<OtlpEndpoint>,
    /// Where metrics go, if anywhere.
    pub metrics: Option<OtlpEndpoint>,
}

impl TelemetryArgs {
    /// What a collector gets, by OTLP.
    #[must_use]
    pub fn otlp(&self) -> OtlpSettings {
        if self.is_disabled() {
            return OtlpSettings::default();
        }
        OtlpSettings { traces: self.signal("TRACES"), metrics: self.signal("METRICS") }
    }

    fn signal(&self, name: &str) -> Option<OtlpEndpoint> {
        if variable(&format!("OTEL_{name}_EXPORTER")).as_deref() == Some("none") {
            return None;
        }
        if variable(&format!("OTEL_EXPORTER_OTLP_{name}_ENDPOINT")).is_some() {
            return Some(OtlpEndpoint::Own);
        }
        let base = self.otlp_endpoint.as_ref()?.expose_secret().trim();
        let path = format!("{}/v1/{}", base.trim_end_matches('/'), name.to_ascii_lowercase());
        (!base.is_empty()).then_some(OtlpEndpoint::At(path))
    }

    /// The connection string of Application Insights.
    #[must_use]
    pub fn application_insights(&self) -> Option<&SecretString> {
        let given = self.application_insights.as_ref().filter(|text| !text.expose_secret().trim().is_empty());
        given.filter(|_| !self.is_disabled())
    }

    /// Whether anything is to be sent to a collector.
    #[must_use]
    pub fn has_collector(&self) -> bool {
        let otlp = self.otlp();
        otlp.traces.is_some() || otlp.metrics.is_some() || self.application_insights().is_some()
    }

    /// Whether a service name was given; else it is that of this program.
    #[must_use]
    pub fn is_named(&self) -> bool {
        variable("OTEL_SERVICE_NAME").is_some()
            || variable("OTEL_RESOURCE_ATTRIBUTES").is_some_and(|text| text.contains("service.name="))
    }

    /// What a request to a collector may take.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        let given = variable("OTEL_EXPORTER_OTLP_TIMEOUT").and_then(|text| text.parse().ok());
        given.map_or(TIMEOUT, Duration::from_millis)
    }

    #[expect(clippy::unused_self, reason = "asked like the others")]
    fn is_disabled(&self) -> bool {
        variable("OTEL_SDK_DISABLED").is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }
}
