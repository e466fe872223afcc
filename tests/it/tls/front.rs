//! Stands before the test server, which itself has no TLS, and ends the encryption there, or refuses it, or lies.

use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsAcceptor;

use crate::support::shop;
use crate::throw_away::block_on;

const SSL_REQUEST: u32 = 80_877_103;
const CANCEL_REQUEST: u32 = 80_877_102;

/// What it does when a client asks for TLS.
#[derive(Clone)]
pub(super) enum Manner {
    /// Encrypts.
    Encrypts(Arc<ServerConfig>),
    /// Says that it does not, and goes on in plain text.
    Declines,
    /// Says that it does, and answers in plain text.
    Lies,
}

/// What happened.
#[derive(Default)]
struct Seen {
    encrypted: AtomicUsize,
    plain: AtomicUsize,
    cancels: AtomicUsize,
    /// All that clients sent where somebody in between could have read it.
    open: Mutex<Vec<u8>>,
}

/// A running front.
pub(super) struct Front {
    port: u16,
    seen: Arc<Seen>,
}

impl Front {
    pub(super) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("set");
        let port = listener.local_addr().expect("bound").port();
        let seen = Arc::new(Seen::default());
        let noted = Arc::clone(&seen);
        std::thread::spawn(move || {
            block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                while let Ok((client, _)) = listener.accept().await {
                    let (manner, seen) = (manner.clone(), Arc::clone(&noted));
                    // What went wrong is seen by the client.
                    tokio::spawn(async move { serve(client, manner, &seen).await.ok() });
                }
            });
        });
        Self { port, seen }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Connections to PostgreSQL that were encrypted up to here.
    pub(super) fn encrypted(&self) -> usize {
        self.seen.encrypted.load(Ordering::SeqCst)
    }

    /// Connections to PostgreSQL that were not.
    pub(super) fn plain(&self) -> usize {
        self.seen.plain.load(Ordering::SeqCst)
    }

    /// Encrypted requests to cancel.
    pub(super) fn cancels(&self) -> usize {
        self.seen.cancels.load(Ordering::SeqCst)
    }

    /// All that was sent in plain text.
    pub(super) fn overheard(&self) -> Vec<u8> {
        self.seen.open.lock().expect("whole").clone()
    }
}

async fn serve(mut client: TcpStream, manner: Manner, seen: &Seen) -> std::io::Result<()> {
    let mut first = [0];
    client.peek(&mut first).await?;
    if let (Manner::Encrypts(config), [0x16]) = (&manner, first) {
        return encrypt(client, config, seen).await;
    }
    let start = head(&mut client).await?;
    seen.open.lock().expect("whole").extend(start);
    if code(start) != SSL_REQUEST {
        seen.plain.fetch_add(1, Ordering::SeqCst);
        return forward(client, start).await;
    }
    match manner {
        Manner::Encrypts(config) => {
            client.write_all(b"S").await?;
            encrypt(client, &config, seen).await
        }
        Manner::Declines => {
            client.write_all(b"N").await?;
            let start = head(&mut client).await?;
            seen.open.lock().expect("whole").extend(start);
            seen.plain.fetch_add(1, Ordering::SeqCst);
            forward(client, start).await
        }
        Manner::Lies => {
            // What a server would say that lets everybody in.
            client.write_all(b"SR\0\0\0\x08\0\0\0\0Z\0\0\0\x05I").await?;
            let mut rest = Vec::new();
            client.read_to_end(&mut rest).await?;
            seen.open.lock().expect("whole").extend(rest);
            Ok(())
        }
    }
}

async fn encrypt(client: TcpStream, config: &Arc<ServerConfig>, seen: &Seen) -> std::io::Result<()> {
    let accepted = TlsAcceptor::from(Arc::clone(config)).accept(client).into_fallible().await;
    let mut client = match accepted {
        Ok(client) => client,
        Err((error, mut client)) => {
            // What was said at the end must arrive, whatever the other side still sends.
            client.shutdown().await?;
            client.read_to_end(&mut Vec::new()).await?;
            return Err(error);
        }
    };
    let start = head(&mut client).await?;
    let counter = if code(start) == CANCEL_REQUEST { &seen.cancels } else { &seen.encrypted };
    counter.fetch_add(1, Ordering::SeqCst);
    forward(client, start).await
}

async fn forward(mut client: impl AsyncRead + AsyncWrite + Unpin, start: [u8; 8]) -> std::io::Result<()> {
    let mut server = UnixStream::connect(shop::server().socket_dir().join(".s.PGSQL.5432")).await?;
    server.write_all(&start).await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// Length and code of the first message.
async fn head(client: &mut (impl AsyncRead + Unpin)) -> std::io::Result<[u8; 8]> {
    let mut start = [0; 8];
    client.read_exact(&mut start).await?;
    Ok(start)
}

fn code(start: [u8; 8]) -> u32 {
    u32::from_be_bytes([start[4], start[5], start[6], start[7]])
}
