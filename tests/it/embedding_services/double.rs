//! A double of the paid services, over real HTTP: answers with what a test lays ready, and remembers what it was asked.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

/// What the double does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// The right vectors, in the wrong order, of so many numbers: the first is the number in the text, the next 1.
    Vectors(usize),
    /// A token of Entra ID of that value and life in seconds.
    Token(&'static str, u64),
    /// Status, further headers, body.
    Answer(u16, &'static str, String),
    /// A good head and the beginning of a body, then the end of the connection.
    CutInBody,
    /// The end of the connection.
    Cut,
    /// Nothing, for as long as the other side waits.
    Silence,
    /// More bytes than vectors can have.
    Flood,
}

/// A service that listens on this machine.
pub(crate) struct Double {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Double {
    /// Answers with these, one after the other; the last is for all that come after.
    pub(crate) fn with(replies: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let replies = Arc::new(Mutex::new(replies.iter().cloned().collect::<VecDeque<_>>()));
        let seen = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (seen, replies) = (Arc::clone(&seen), Arc::clone(&replies));
                std::thread::spawn(move || serve(stream, &seen, &replies));
            }
        });
        Self { port, asked }
    }

    /// Its address, with a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("whole").clone()
    }
}

/// One connection, which may carry several requests.
fn serve(stream: TcpStream, seen: &Mutex<Vec<Asked>>, replies: &Mutex<VecDeque<Reply>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    while let Some(asked) = read(&mut reader) {
        let body = asked.body.clone();
        seen.lock().expect("whole").push(asked);
        let reply = {
            let mut replies = replies.lock().expect("whole");
            let first = replies.pop_front().expect("a reply");
            if replies.is_empty() {
                replies.push_back(first.clone());
            }
            first
        };
        if !answer(&stream, &body, reply) {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let line = |reader: &mut BufReader<TcpStream>| {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0).map(|_| line.trim_end().to_owned())
    };
    let path = line(reader)?.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    while let Some((name, value)) = line(reader)?.split_once(": ") {
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { path, headers, body: String::from_utf8(body).ok()? })
}

/// Whether the connection goes on.
fn answer(mut stream: &TcpStream, body: &str, reply: Reply) -> bool {
    let (status, headers, body) = match reply {
        Reply::Vectors(numbers) => (200, "", vectors(body, numbers)),
        Reply::Token(token, life) => {
            let granted = json!({"token_type": "Bearer", "expires_in": life, "access_token": token});
            (200, "", granted.to_string())
        }
        Reply::Answer(status, headers, body) => (status, headers, body),
        Reply::CutInBody => {
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{{\"data\": [");
            return false;
        }
        Reply::Cut => return false,
        Reply::Silence => {
            std::thread::sleep(Duration::from_secs(60));
            return false;
        }
        Reply::Flood => (200, "", " ".repeat(70 << 20)),
    };
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).is_ok()
}

fn vectors(body: &str, numbers: usize) -> String {
    let asked: Value = serde_json::from_str(body).expect("JSON was sent");
    let texts = asked["input"].as_array().expect("texts were sent");
    let item = |(index, text): (usize, &Value)| {
        let number: String = text.as_str().expect("a text").chars().filter(char::is_ascii_digit).collect();
        let mut vector = vec![0.0; numbers];
        vector[0] = number.parse().unwrap_or(0.0);
        vector[1] = 1.0;
        json!({"object": "embedding", "index": index, "embedding": vector})
    };
    let items: Vec<Value> = texts.iter().enumerate().map(item).rev().collect();
    json!({"object": "list", "data": items}).to_string()
}
