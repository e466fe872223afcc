//! stdin and stdout of this process, without a thread in between where they are pipes or sockets.

use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream as StdUnixStream;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{UnixStream, unix::pipe};

/// Where requests come from.
pub(super) fn stdin() -> Box<dyn AsyncRead + Send + Unpin> {
    // Opened anew, a pipe can be set to non-blocking for us alone.
    if let Ok(pipe) = pipe::OpenOptions::new().open_receiver("/proc/self/fd/0") {
        return Box::new(pipe);
    }
    // Node.js gives its children sockets.
    match socket(&std::io::stdin()) {
        Some(socket) => Box::new(socket),
        None => Box::new(tokio::io::stdin()),
    }
}

/// Where answers go.
#[expect(clippy::disallowed_methods, reason = "stdout is the protocol, and this is where it is spoken")]
pub(super) fn stdout() -> Box<dyn AsyncWrite + Send + Unpin> {
    if let Ok(pipe) = pipe::OpenOptions::new().open_sender("/proc/self/fd/1") {
        return Box::new(pipe);
    }
    match socket(&std::io::stdout()) {
        Some(socket) => Box::new(socket),
        None => Box::new(tokio::io::stdout()),
    }
}

fn socket(stream: &impl std::os::fd::AsFd) -> Option<UnixStream> {
    let copy = stream.as_fd().try_clone_to_owned().ok()?;
    let socket = StdUnixStream::from(copy);
    // Fails for whatever is no socket.
    socket.local_addr().ok()?;
    socket.set_nonblocking(true).ok()?;
    UnixStream::from_std(socket).ok()
}

/// Whether the client has closed its end of stdin, known without reading what is still in it.
pub(super) fn stdin_hung_up() -> bool {
    let stdin = std::io::stdin();
    #[cfg(target_os = "linux")]
    let interest = PollFlags::RDHUP;
    #[cfg(not(target_os = "linux"))]
    let interest = PollFlags::empty();
    let mut watched = [PollFd::from_borrowed_fd(stdin.as_fd(), interest)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut watched, Some(&now)).is_ok_and(|ready| ready > 0)
}
