//! A proxy between the server under test and PostgreSQL that cuts, stalls or counts at chosen places.
//!
//! It speaks just enough of the protocol to know where it is: the type byte of each message, and the text of statements.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::shop;

/// Where a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// Never.
    Nowhere,
    /// As soon as the client connects.
    AtConnect,
    /// When the client sends this text, which PostgreSQL never gets.
    Before(&'static str),
    /// When PostgreSQL first answers after the client sent this text; the client never gets that answer.
    After(&'static str),
    /// When this many bytes of the answer to this text have come through.
    Within(&'static str, usize),
    /// Where an answer of PostgreSQL contains this text: all that stands before comes through.
    AtAnswer(&'static str),
}

/// What happens there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Both sides see the end.
    Cut,
    /// Both sides see an open connection on which nothing comes any more.
    Stall,
}

struct Plan {
    at: Break,
    fault: Fault,
    /// On how many connections yet.
    times: usize,
}

/// A running proxy. Its socket directory goes into a connection string.
pub(crate) struct Proxy {
    dir: tempfile::TempDir,
    plan: Arc<Mutex<Plan>>,
    statements: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// In front of the test server.
    pub(crate) fn start() -> Self {
        let server = shop::server().socket_dir().join(".s.PGSQL.5432");
        let dir = tempfile::Builder::new().prefix("zvp").tempdir_in("/tmp").expect("a directory");
        let listener = UnixListener::bind(dir.path().join(".s.PGSQL.5432")).expect("a socket");
        let plan = Arc::new(Mutex::new(Plan { at: Break::Nowhere, fault: Fault::Cut, times: 0 }));
        let statements = Arc::new(Mutex::new(Vec::new()));
        let proxy = Self { dir, plan: Arc::clone(&plan), statements: Arc::clone(&statements) };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let link = Link {
                    plan: Arc::clone(&plan),
                    statements: Arc::clone(&statements),
                    sent: Arc::default(),
                };
                if link
                    .breaks_at(|at| at == Break::AtConnect)
                    .is_some_and(|fault| Link::stop(&client, None, fault))
                {
                    continue;
                }
                let Ok(server) = UnixStream::connect(&server) else { continue };
                link.run(client, server);
            }
        });
        proxy
    }

    /// Breaks the next connections that come to this place.
    pub(crate) fn break_at(&self, at: Break, fault: Fault, times: usize) {
        *self.plan.lock().expect("unpoisoned") = Plan { at, fault, times };
        self.statements.lock().expect("unpoisoned").clear();
    }

    /// Whether every break that was planned has happened.
    pub(crate) fn broke(&self) -> bool {
        self.plan.lock().expect("unpoisoned").times == 0
    }

    /// How often PostgreSQL got a message with this text since the last [`Proxy::break_at`].
    pub(crate) fn delivered(&self, text: &str) -> usize {
        let statements = self.statements.lock().expect("unpoisoned");
        statements.iter().filter(|statement| statement.contains(text)).count()
    }

    /// A connection string of the shared shop through this proxy.
    pub(crate) fn url(&self, identity: &str) -> String {
        let direct = shop::server().socket_dir();
        let through = self.dir.path().to_str().expect("UTF-8");
        shop::shared().url(identity).replace(direct.to_str().expect("UTF-8"), through)
    }
}

/// One connection through the proxy.
#[derive(Clone)]
struct Link {
    plan: Arc<Mutex<Plan>>,
    statements: Arc<Mutex<Vec<String>>>,
    /// The last text from the client, and the bytes that came back since.
    sent: Arc<Mutex<(String, usize)>>,
}

impl Link {
    fn run(self, client: UnixStream, server: UnixStream) {
        let (to_server, from_client) =
            (server.try_clone().expect("a clone"), client.try_clone().expect("a clone"));
        let forward = self.clone();
        thread::spawn(move || forward.forward(from_client, to_server));
        thread::spawn(move || self.back(server, client));
    }

    fn forward(self, mut client: UnixStream, mut server: UnixStream) {
        let mut buffer = vec![0; 65_536];
        while let Ok(count @ 1..) = client.read(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
            let before = self.breaks_at(|at| matches!(at, Break::Before(place) if text.contains(place)));
            if let Some(fault) = before {
                Self::stop(&client, Some(&server), fault);
                return;
            }
            self.statements.lock().expect("unpoisoned").push(text.clone());
            *self.sent.lock().expect("unpoisoned") = (text, 0);
            if server.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _ = server.shutdown(Shutdown::Both);
    }

    fn back(self, mut server: UnixStream, mut client: UnixStream) {
        let mut buffer = vec![0; 4_096];
        while let Ok(count @ 1..) = server.read(&mut buffer) {
            let (text, bytes) = {
                let mut sent = self.sent.lock().expect("unpoisoned");
                sent.1 += count;
                sent.clone()
            };
            let mut whole = count;
            let fault = self.breaks_at(|at| match at {
                Break::After(place) => text.contains(place),
                Break::Within(place, most) => text.contains(place) && bytes > most,
                Break::AtAnswer(place) => {
                    let found =
                        buffer[..count].windows(place.len()).position(|seen| seen == place.as_bytes());
                    whole = found.unwrap_or(count);
                    found.is_some()
                }
                _ => false,
            });
            if let Some(fault) = fault {
                if whole < count {
                    let _ = client.write_all(&buffer[..whole]);
                }
                Self::stop(&client, Some(&server), fault);
                return;
            }
            if client.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _ = client.shutdown(Shutdown::Both);
    }

    fn breaks_at(&self, mut here: impl FnMut(Break) -> bool) -> Option<Fault> {
        let mut plan = self.plan.lock().expect("unpoisoned");
        if plan.times == 0 || !here(plan.at) {
            return None;
        }
        plan.times -= 1;
        Some(plan.fault)
    }

    /// Returns true, for use in a condition.
    fn stop(client: &UnixStream, server: Option<&UnixStream>, fault: Fault) -> bool {
        match fault {
            Fault::Cut => {
                for stream in std::iter::once(client).chain(server) {
                    let _ = stream.shutdown(Shutdown::Both);
                }
            }
            // Nobody reads or closes these copies any more.
            Fault::Stall => {
                for stream in std::iter::once(client).chain(server) {
                    std::mem::forget(stream.try_clone());
                }
            }
        }
        true
    }
}
