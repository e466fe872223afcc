//! Any text as a period: what is read lies in order, is written as dates that mean the same, and what is not is refused in
//! a short sentence.
//!
//! Input: the moment at which it is read, in a line of its own; the period.
#![no_main]

use jiff::civil::DateTime;
use libfuzzer_sys::{Corpus, fuzz_target};
use zava_mcp::services::period::Period;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(input) = std::str::from_utf8(data) else { return Corpus::Reject };
    let Some((now, text)) = input.split_once('\n') else { return Corpus::Reject };
    let Ok(now) = now.parse::<DateTime>() else { return Corpus::Reject };
    let period = match Period::parse(text, now) {
        Ok(period) => period,
        Err(error) => {
            assert!(error.to_string().chars().count() <= 200, "a long refusal");
            return Corpus::Keep;
        }
    };
    let Period { whole, range, before, year_before, before_year_before } = period.clone();
    assert!(whole.from < whole.until && whole.from <= now, "{period:?}");
    assert!(range.from == whole.from && range.from <= range.until, "{period:?}");
    assert!(range.until == whole.until.min(now), "{period:?}");
    assert!(before.from < whole.from && before.until <= whole.from, "{period:?}");
    assert!(year_before.from < whole.from && before_year_before.until <= year_before.from, "{period:?}");
    for part in [whole, range, before, year_before, before_year_before] {
        assert!(part.from <= part.until && part.days() >= 1, "{period:?}");
        assert!(part.in_words().chars().count() <= 60, "{}", part.in_words());
    }
    assert!(!period.is_partial() || range.until == now, "{period:?}");
    // The same days, written as days.
    let last = whole.until.date().yesterday().expect("a day after another");
    if whole.from.year() >= 0 && last.year() <= 9998 {
        let again = Period::parse(&format!("{}/{last}", whole.from.date()), now).expect("days");
        assert_eq!((again.whole, again.range), (whole, range));
    }
    if text.is_ascii() {
        assert_eq!(Period::parse(&format!(" {} ", text.to_ascii_uppercase()), now), Ok(period));
    }
    Corpus::Keep
});
