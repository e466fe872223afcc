//! Carries telemetry over HTTP: on a thread and a runtime of its own, so that no call ever waits for a collector.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;

/// The most bytes of an answer that are read.
const MOST: usize = 1024 * 1024;
/// Longest wait for a connection to open.
const CONNECT: Duration = Duration::from_secs(3);

/// The HTTP client of all exporters. Clones share it.
#[derive(Clone)]
pub(super) struct Courier {
    /// Made with the first batch: reading the certificates of this machine takes milliseconds that no start should wait.
    client: Arc<OnceLock<reqwest::Client>>,
    timeout: Duration,
    runtime: Handle,
    down: Arc<AtomicBool>,
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Addresses and headers may hold secrets.
        f.write_str("Courier")
    }
}

impl Courier {
    /// Starts its thread.
    pub(super) fn start(timeout: Duration) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let run = move || runtime.block_on(std::future::pending::<()>());
        std::thread::Builder::new().name("telemetry".to_owned()).spawn(run)?;
        Ok(Self { client: Arc::default(), timeout, runtime: handle, down: Arc::default() })
    }

    #[expect(clippy::disallowed_methods, reason = "the one other room that speaks HTTP")]
    fn client(&self) -> reqwest::Result<&reqwest::Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let _another_part_of_the_program_was_first =
            rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("zava-mcp/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT.min(self.timeout))
            .timeout(self.timeout)
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Whether what was sent last did not arrive.
    pub(super) fn is_down(&self) -> bool {
        self.down.load(Ordering::Relaxed)
    }

    /// A line on the log when it begins to fail, and one when it works again.
    fn noticed(&self, failure: Option<&str>) {
        let was_down = self.down.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(why) if !was_down => tracing::warn!("telemetry cannot be sent, calls go on without: {why}"),
            None if was_down => tracing::info!("telemetry is sent again"),
            _ => {}
        }
    }
}

impl HttpClient for Courier {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> BoxFuture<'b, Result<Response<Bytes>, HttpError>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(|error| {
                self.noticed(Some("its address cannot be used"));
                error.without_url()
            })?;
            let sent = self.runtime.spawn(send(self.client()?.clone(), request)).await?;
            match &sent {
                Ok(answer) if answer.status().is_success() => self.noticed(None),
                Ok(answer) => self.noticed(Some(&format!("the collector answers {}", answer.status()))),
                Err(error) => self.noticed(Some(&crate::error::chain(error))),
            }
            Ok(sent?)
        })
    }
}

async fn send(client: reqwest::Client, request: reqwest::Request) -> reqwest::Result<Response<Bytes>> {
    // Without the address, in which a collector's key may stand.
    let mut answer = client.execute(request).await.map_err(reqwest::Error::without_url)?;
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
        if body.len() + chunk.len() > MOST {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    *response.body_mut() = body.into();
    Ok(response)
}
