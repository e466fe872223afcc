//! What is sent to collectors and written for them, as a receiver that decodes it sees it.

mod azure;
mod files;
mod otlp;
mod silent;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::support::mcp::Client;
use crate::support::shop::{self, SEATTLE};

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// One request as it arrived.
#[derive(Clone, Debug)]
struct Received {
    path: String,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

/// What the receiver does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Takes it.
    Takes,
    /// Says that it is overloaded.
    Refuses,
    /// Says nothing, for as long as the other side waits.
    Silent,
}

/// A collector that listens on this machine and keeps what it gets.
struct Receiver {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    fn new(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let keeps = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let keeps = Arc::clone(&keeps);
                std::thread::spawn(move || while take(&stream, &keeps, manner).is_some() {});
            }
        });
        Self { port, received }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn received(&self) -> Vec<Received> {
        self.received.lock().expect("whole").clone()
    }
}

/// Reads one request, keeps it and answers.
fn take(stream: &TcpStream, keeps: &Mutex<Vec<Received>>, manner: Manner) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    keeps.lock().expect("whole").push(Received { path, headers, body });
    let mut stream = stream;
    match manner {
        Manner::Takes => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").ok(),
        Manner::Refuses => {
            stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").ok()
        }
        Manner::Silent => {
            let _ = reader.read_to_end(&mut Vec::new());
            None
        }
    }
}

/// A server of Seattle with these variables and flags.
fn serve(flags: &[&str], environment: &[(&str, &str)]) -> Client {
    let url = shop::shared().url(SEATTLE);
    let environment = [&[("DATABASE_URL", url.as_str())], environment].concat();
    Client::spawn(&[&["--rls-user", SEATTLE], flags].concat(), &environment)
}
