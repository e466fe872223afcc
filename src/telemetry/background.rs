//! Writes lines on a thread of its own, and loses them rather than let anybody wait.

use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
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

/// Hands lines to the thread.
#[derive(Clone)]
pub(super) struct Background(SyncSender<Message>);

/// Writes the last lines when it is dropped.
pub struct Flush {
    lines: SyncSender<Message>,
    ended: Receiver<()>,
}

/// Starts the thread.
pub(super) fn background(mut to: impl Write + Send + 'static) -> std::io::Result<(Background, Flush)> {
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
    std::thread::Builder::new().name("log".to_owned()).spawn(write)?;
    Ok((Background(lines.clone()), Flush { lines, ended }))
}

impl Write for Background {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.try_send(Message::Line(line.to_vec()));
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
        if self.lines.try_send(Message::End).is_ok() {
            let _ = self.ended.recv_timeout(LAST);
        }
    }
}
