//! Writes lines on a thread of its own, and loses them rather than let anybody wait.

use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// Lines that wait to be written; further ones are lost.
const WAITING: usize = 1000;
/// How long the last lines may take.
const LAST: Duration = Duration::from_millis(200);

enum Message {
    Line(Vec<u8>),
    End,
}

/// Hands lines to the thread, which the first line starts.
#[derive(Clone)]
pub(super) struct Background(Arc<Lines>);

/// Writes the last lines when it is dropped.
pub struct Flush(Arc<Lines>);

struct Lines {
    to: Mutex<Option<Box<dyn Write + Send>>>,
    thread: OnceLock<Option<Thread>>,
}

struct Thread {
    lines: SyncSender<Message>,
    ended: Mutex<Receiver<()>>,
}

/// Lines that go to `to`.
pub(super) fn background(to: impl Write + Send + 'static) -> (Background, Flush) {
    let lines = Arc::new(Lines { to: Mutex::new(Some(Box::new(to))), thread: OnceLock::new() });
    (Background(Arc::clone(&lines)), Flush(lines))
}

impl Lines {
    fn start(&self) -> Option<Thread> {
        let mut to = self.to.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let (lines, waiting) = sync_channel(WAITING);
        let (end, ended) = sync_channel(1);
        let write = move || {
            while let Ok(Message::Line(line)) = waiting.recv() {
                // A log that cannot be written has no other place to be reported.
                let _ = to.write_all(&line);
            }
            let _ = to.flush();
            let _ = end.send(());
        };
        std::thread::Builder::new().name("log".to_owned()).spawn(write).ok()?;
        Some(Thread { lines, ended: Mutex::new(ended) })
    }
}

impl Write for Background {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        if let Some(thread) = self.0.thread.get_or_init(|| self.0.start()) {
            let _ = thread.lines.try_send(Message::Line(line.to_vec()));
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Background {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        let Some(Some(thread)) = self.0.thread.get() else { return };
        if thread.lines.try_send(Message::End).is_ok() {
            let _ = thread.ended.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(LAST);
        }
    }
}
