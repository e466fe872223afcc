//! When a service is asked again: three tries in all, with growing pauses or the pause it asks for, within the time.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::embeddings::EmbedError;

/// Tries in all.
const TRIES: u32 = 3;
/// The first pause is from half of this to all of it, the next four times that.
const PAUSE: Duration = Duration::from_millis(200);

/// A try that failed.
pub(super) struct Failure {
    /// What to say when it was the last.
    error: EmbedError,
    again: Again,
}

enum Again {
    Never,
    Soon,
    After(Duration),
}

impl Failure {
    /// Another try would fail alike.
    pub(super) const fn last(error: EmbedError) -> Self {
        Self { error, again: Again::Never }
    }

    /// Another try may succeed.
    pub(super) const fn again(error: EmbedError) -> Self {
        Self { error, again: Again::Soon }
    }

    /// Another try may succeed, after the pause that the service asks for, if it does.
    pub(super) fn later(error: EmbedError, wait: Option<Duration>) -> Self {
        Self { error, again: wait.map_or(Again::Soon, Again::After) }
    }

    /// The token was refused and thrown away: the next try fetches another.
    pub(super) fn token(who: &str) -> Self {
        let error = EmbedError::Refused { who: who.to_owned(), status: 401 };
        Self { error, again: Again::After(Duration::ZERO) }
    }
}

/// The tries of one question.
pub(super) struct Retries {
    tries: u32,
    until: Instant,
}

impl Retries {
    /// The first try begins now.
    pub(super) fn within(time: Duration) -> Self {
        Self { tries: 0, until: Instant::now() + time }
    }

    /// Waits until the next try.
    ///
    /// # Errors
    ///
    /// The failure, when there is no next try: it would be in vain, the fourth, or too late.
    pub(super) async fn wait(&mut self, failure: Failure) -> Result<(), EmbedError> {
        self.tries += 1;
        let pause = match failure.again {
            Again::Never => return Err(failure.error),
            Again::Soon => pause(self.tries),
            Again::After(wait) => wait,
        };
        if self.tries >= TRIES || Instant::now() + pause >= self.until {
            return Err(failure.error);
        }
        tracing::info!("asking again: {}", failure.error);
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

/// A different one in every process, so that those that were refused together do not come back together.
fn pause(tries: u32) -> Duration {
    let most = PAUSE * 4_u32.pow(tries - 1);
    let hundredths = u32::try_from(RandomState::new().hash_one(tries) % 50).unwrap_or(0);
    most * (50 + hundredths) / 100
}

/// The pause that a service asks for: Azure's milliseconds, or the standard's seconds or date.
pub(super) fn wished(milliseconds: Option<&str>, standard: Option<&str>) -> Option<Duration> {
    if let Some(wait) = milliseconds.and_then(|text| text.trim().parse().ok()) {
        return Some(Duration::from_millis(wait));
    }
    let text = standard?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(SystemTime::from(at).duration_since(SystemTime::now()).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{pause, wished};

    #[test]
    fn pauses_grow_and_differ() {
        for (tries, most) in [(1, 200), (2, 800)] {
            let pauses: Vec<_> = (0..200).map(|_| pause(tries)).collect();
            assert!(pauses.iter().all(|p| (most / 2..most).contains(&p.as_millis())));
            assert!(pauses.iter().any(|p| p != &pauses[0]));
        }
    }

    #[test]
    fn a_service_names_its_pause_in_three_ways() {
        assert_eq!(wished(Some("250"), Some("1")), Some(Duration::from_millis(250)));
        assert_eq!(wished(None, Some("2")), Some(Duration::from_secs(2)));
        assert_eq!(wished(None, Some("Wed, 21 Oct 2015 07:28:00 GMT")), Some(Duration::ZERO));
        assert!(wished(None, Some("Thu, 21 Oct 2083 07:28:00 GMT")) > Some(Duration::from_secs(3600)));
        assert_eq!(wished(None, Some("soon")), None);
        assert_eq!(wished(None, None), None);
    }
}
