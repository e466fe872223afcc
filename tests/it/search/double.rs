//! A double of an embedding service, over real HTTP.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

/// What it knows the meaning of, also as a part of a word that no product has: `qqhammer`.
const CONCEPTS: [&str; 6] = ["hammer", "paint", "toilet", "drill", "shelf", "hose"];

/// What can be set while it runs.
#[derive(Default)]
struct State {
    texts: AtomicUsize,
    broken: AtomicBool,
    silent: AtomicBool,
    slow: AtomicBool,
}

/// A service that listens on this machine.
pub(crate) struct Double {
    port: u16,
    state: Arc<State>,
}

impl Double {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Self { port, state }
    }

    /// What leads a server to it.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        self.as_model("concepts")
    }

    /// The same under another name.
    pub(crate) fn as_model(&self, model: &str) -> Vec<(&'static str, String)> {
        vec![
            ("EMBEDDING_PROVIDER", "openai".to_owned()),
            ("EMBEDDING_URL", format!("http://127.0.0.1:{}/v1", self.port)),
            ("EMBEDDING_MODEL_DEPLOYMENT_NAME", model.to_owned()),
            ("EMBEDDING_DIMENSIONS", (CONCEPTS.len() + 1).to_string()),
        ]
    }

    /// Texts that it made vectors of.
    pub(crate) fn texts(&self) -> usize {
        self.state.texts.load(Ordering::SeqCst)
    }

    /// Answers with errors from now on, or no longer.
    pub(crate) fn break_down(&self, broken: bool) {
        self.state.broken.store(broken, Ordering::SeqCst);
    }

    /// Answers nothing any more.
    pub(crate) fn fall_silent(&self) {
        self.state.silent.store(true, Ordering::SeqCst);
    }

    /// Takes some time for each request, or no longer.
    pub(crate) fn slow_down(&self, slow: bool) {
        self.state.slow.store(slow, Ordering::SeqCst);
    }
}

/// One connection, which may carry several requests.
fn serve(stream: TcpStream, state: &State) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    while let Some(body) = read(&mut reader) {
        let asked: Value = serde_json::from_str(&body).expect("JSON was sent");
        if state.silent.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_secs(60));
        }
        let broken = state.broken.load(Ordering::SeqCst);
        if !broken {
            // as they come: what a killed client asked for counts, although nobody hears the answer
            state.texts.fetch_add(asked["input"].as_array().expect("texts").len(), Ordering::SeqCst);
        }
        if state.slow.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(300));
        }
        let (status, answer) = if broken {
            ("401 Unauthorized", "{\"error\": {\"message\": \"no\"}}".to_owned())
        } else {
            ("200 OK", vectors(&asked))
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nContent-Type: application/json\r\n\r\n",
            answer.len()
        );
        if (&stream).write_all(format!("{head}{answer}").as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}

fn vectors(asked: &Value) -> String {
    let texts = asked["input"].as_array().expect("texts were sent");
    let item = |(index, text): (usize, &Value)| {
        let mut vector = vector(&text.as_str().expect("a text").to_lowercase());
        if asked["model"] == "text-embedding-3-small" {
            vector.resize(1536, 0);
        }
        json!({"object": "embedding", "index": index, "embedding": vector})
    };
    json!({"object": "list", "data": texts.iter().enumerate().map(item).collect::<Vec<_>>()}).to_string()
}

fn vector(text: &str) -> Vec<usize> {
    let mut vector: Vec<usize> = CONCEPTS.iter().map(|word| text.matches(word).count()).collect();
    // a text without any concept is far from all that have one
    let none = usize::from(vector.iter().all(|count| *count == 0));
    vector.push(none);
    vector
}
