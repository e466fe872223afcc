//! Traces and metrics for collectors: OTLP over HTTP, Azure Application Insights.
//!
//! Nothing of this is made unless a collector is named. Calls hand over what they were and go on; batches are made and
//! sent by threads of their own, and what a collector does not take is lost, not waited for.

mod attributes;
mod courier;
mod metrics;
mod spans;

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_application_insights::Exporter as AzureExporter;
use opentelemetry_otlp::{MetricExporter, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{MeterProviderBuilder, SdkMeterProvider};
use opentelemetry_sdk::trace::{SdkTracerProvider, TracerProviderBuilder};
use secrecy::ExposeSecret as _;

use self::courier::Courier;
use self::metrics::Metrics;
use self::spans::Spans;
use crate::call::{AskWho, Ended, Who, Witness};
use crate::error::ToolError;
use crate::settings::{OtlpEndpoint, OtlpSettings, TelemetryArgs};

/// How long the last batches may take: a client that hangs up must not wait for a collector.
const LAST: Duration = Duration::from_millis(400);

/// Sends what calls were. Clones share it.
#[derive(Clone)]
pub(super) struct Export(Arc<Inner>);

struct Inner {
    who: AskWho,
    spans: Spans,
    metrics: Metrics,
    tracers: SdkTracerProvider,
    meters: SdkMeterProvider,
    courier: Courier,
}

impl Export {
    /// Begins, if a collector is named.
    pub(super) fn open(args: &TelemetryArgs, who: AskWho) -> anyhow::Result<Option<Self>> {
        if !args.has_collector() {
            return Ok(None);
        }
        let (otlp, azure) = (args.otlp(), args.application_insights());
        let courier = Courier::start(args.timeout())?;
        let resource = resource(args, &who());
        let mut tracers = SdkTracerProvider::builder().with_resource(resource.clone());
        let mut meters = SdkMeterProvider::builder().with_resource(resource);
        (tracers, meters) = to_collector(tracers, meters, &otlp, &courier)?;
        if let Some(azure) = azure {
            (tracers, meters) = to_azure(tracers, meters, azure.expose_secret(), &courier)?;
        }
        let (tracers, meters) = (tracers.build(), meters.build());
        let scope =
            || InstrumentationScope::builder("zava-mcp").with_version(env!("CARGO_PKG_VERSION")).build();
        let spans = Spans { tracer: tracers.tracer_with_scope(scope()), with_text: args.trace_sql };
        let metrics = Metrics::of(&meters.meter_with_scope(scope()));
        Ok(Some(Self(Arc::new(Inner { who, spans, metrics, tracers, meters, courier }))))
    }

    /// Sends what is left, for a short time.
    pub(super) fn end(&self) {
        let (done, all) = sync_channel(2);
        let (tracers, meters) = (self.0.tracers.clone(), self.0.meters.clone());
        let also_done = done.clone();
        let last_traces = move || {
            let _ = tracers.shutdown_with_timeout(LAST);
            let _ = done.send(());
        };
        let last_metrics = move || {
            let _ = meters.shutdown_with_timeout(LAST);
            let _ = also_done.send(());
        };
        let spawn = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let both = [spawn("last traces").spawn(last_traces), spawn("last metrics").spawn(last_metrics)];
        let until = std::time::Instant::now() + LAST;
        for _ in both.into_iter().flatten() {
            // What is still under way then is lost with the process.
            let _ = all.recv_timeout(until.saturating_duration_since(std::time::Instant::now()));
        }
    }
}

impl Witness for Export {
    fn saw(&self, call: &Ended) -> Result<(), ToolError> {
        let who = (self.0.who)();
        self.0.metrics.count(call, &who);
        self.0.spans.of(call, &who);
        Ok(())
    }

    fn state(&self) -> (&'static str, String) {
        let state = if self.0.courier.is_down() { "cannot be sent; calls go on without" } else { "sent" };
        ("telemetry", state.to_owned())
    }
}

/// What all telemetry of this process has in common; the variables of OpenTelemetry come first.
fn resource(args: &TelemetryArgs, who: &Who) -> Resource {
    let instance = format!("{}-{}", who.identity, std::process::id());
    let builder = Resource::builder()
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_attribute(KeyValue::new("service.instance.id", instance))
        .with_attribute(KeyValue::new("process.pid", i64::from(std::process::id())));
    if args.is_named() { builder.build() } else { builder.with_service_name("zava-mcp").build() }
}

type Builders = (TracerProviderBuilder, MeterProviderBuilder);

fn to_collector(
    mut tracers: TracerProviderBuilder,
    mut meters: MeterProviderBuilder,
    otlp: &OtlpSettings,
    courier: &Courier,
) -> anyhow::Result<Builders> {
    if let Some(endpoint) = &otlp.traces {
        let mut exporter = SpanExporter::builder().with_http().with_http_client(courier.clone());
        if let OtlpEndpoint::At(url) = endpoint {
            exporter = exporter.with_endpoint(url);
        }
        tracers = tracers.with_batch_exporter(exporter.build().map_err(|_| unusable())?);
    }
    if let Some(endpoint) = &otlp.metrics {
        let mut exporter = MetricExporter::builder().with_http().with_http_client(courier.clone());
        if let OtlpEndpoint::At(url) = endpoint {
            exporter = exporter.with_endpoint(url);
        }
        meters = meters.with_periodic_exporter(exporter.build().map_err(|_| unusable())?);
    }
    Ok((tracers, meters))
}

/// Without the cause, which repeats the address, in which a key may stand.
fn unusable() -> anyhow::Error {
    anyhow::anyhow!("the address of the collector, or another OTEL_EXPORTER_OTLP_ variable, cannot be used")
}

fn to_azure(
    tracers: TracerProviderBuilder,
    meters: MeterProviderBuilder,
    connection: &str,
    courier: &Courier,
) -> anyhow::Result<Builders> {
    let exporter = || {
        azure_exporter(connection.trim(), courier).map_err(|error| {
            anyhow::anyhow!("the connection string of Application Insights cannot be used: {error}")
        })
    };
    Ok((tracers.with_batch_exporter(exporter()?), meters.with_periodic_exporter(exporter()?)))
}

#[expect(deprecated, reason = "the only way to an agent on this machine; all others are spoken to by TLS")]
fn azure_exporter(
    connection: &str,
    courier: &Courier,
) -> Result<AzureExporter<Courier>, Box<dyn std::error::Error + Send + Sync>> {
    let exporter = AzureExporter::new_from_connection_string(connection, courier.clone())?;
    match loopback(connection) {
        Some(endpoint) => exporter.with_endpoint(endpoint),
        None => Ok(exporter),
    }
}

/// The ingestion endpoint, where it is one without TLS on this machine.
fn loopback(connection: &str) -> Option<&str> {
    let mut members = connection.split(';').filter_map(|member| member.split_once('='));
    let (_, endpoint) = members.find(|(name, _)| name.eq_ignore_ascii_case("IngestionEndpoint"))?;
    let here = ["http://127.0.0.1:", "http://[::1]:", "http://localhost:"];
    here.iter().any(|here| endpoint.starts_with(here)).then_some(endpoint)
}
