//! The protocol over streams in memory, for `tests/fuzz`; in no other build.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use super::ZavaServer;
use super::stdio::{Options, converse};
use super::transport::StdioTransport;

/// Longer than anything takes that needs no database.
const STILL: Duration = Duration::from_secs(5);

/// Serves one client until its stream ends and everything is answered, as [`super::serve_on_stdio`] does; whether everything
/// was.
///
/// # Errors
///
/// When the protocol library gives up.
pub async fn serve(
    shop: ZavaServer,
    stdin: impl AsyncRead + Send + Unpin + 'static,
    stdout: impl AsyncWrite + Send + Unpin + 'static,
    options: Options,
) -> anyhow::Result<bool> {
    let (calls, most) = (options.max_calls, options.max_message_bytes);
    let (transport, session) = StdioTransport::over(Box::new(stdin), Box::new(stdout), calls, most);
    let ended = tokio::spawn({
        let session = session.clone();
        async move {
            session.hung_up.cancelled().await;
            session.finish(STILL).await;
            let done = session.is_done();
            session.stop.cancel();
            done
        }
    });
    converse(shop, transport, &session, options).await?;
    session.finish(STILL).await;
    Ok(ended.await?)
}
