//! Points at a place in a query.

use unicode_width::UnicodeWidthChar as _;

/// Most characters of the line that are shown on either side of the place.
const CONTEXT: usize = 60;

/// The line of `sql` that holds the character at `position` (from 1), and a caret under it.
///
/// `None` when the position lies outside.
pub(super) fn point_at(sql: &str, position: u32) -> Option<[String; 2]> {
    let offset = usize::try_from(position).ok()?.checked_sub(1)?;
    let mut start = 0;
    for line in sql.split('\n') {
        let length = line.chars().count();
        if offset <= start + length {
            return Some(excerpt(line, offset - start));
        }
        start += length + 1;
    }
    None
}

fn excerpt(line: &str, column: usize) -> [String; 2] {
    let first = column.saturating_sub(CONTEXT);
    // A tab has no width of its own: it is shown as one blank, and so is every other control character.
    let shown: String = line
        .chars()
        .skip(first)
        .take(2 * CONTEXT)
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    // Some characters are two columns wide, and accents that combine with the letter before have none.
    let before: usize =
        shown.chars().take(column - first).map(|character| character.width().unwrap_or(0)).sum();
    [format!("  {}", shown.trim_end()), format!("  {}^", " ".repeat(before))]
}

#[cfg(test)]
mod tests {
    use super::point_at;

    /// The caret under the first `x`; `|` marks the columns.
    #[track_caller]
    fn shows(sql: &str, line: &str, caret: &str) {
        let position = sql.chars().position(|c| c == 'x').expect("an x") + 1;
        let found = point_at(sql, u32::try_from(position).expect("small")).expect("inside");
        assert_eq!(found, [line, caret], "{sql:?}");
    }

    #[test]
    fn the_caret_stands_under_the_character_also_in_later_lines() {
        shows("SELECT ä,\n  xme FROM retail.stores", "    xme FROM retail.stores", "    ^");
        shows("SELECT 1,\r\n\r\n\tx,\r\n\ty", "   x,", "   ^");
        assert!(point_at("SELECT", 0).is_none() && point_at("SELECT", 500).is_none());
        assert_eq!(point_at("SELECT 1 +", 11).expect("the end"), ["  SELECT 1 +", "            ^"]);
    }

    #[test]
    fn tabs_wide_and_combining_characters_do_not_shift_it() {
        shows("SELECT\t'a'\t, x", "  SELECT 'a' , x", "               ^");
        // two columns each
        shows("SELECT '店舗', x", "  SELECT '店舗', x", "                 ^");
        shows("SELECT '🔨', x", "  SELECT '🔨', x", "               ^");
        // e and a combining accent: one column
        shows("SELECT 'cafe\u{301}', x", "  SELECT 'cafe\u{301}', x", "                 ^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let sql = format!("SELECT {}x", "1 + ".repeat(100));
        let [line, caret] = point_at(&sql, u32::try_from(sql.len()).expect("small")).expect("inside");
        assert!(line.len() < 130 && line.ends_with('x'), "{line}");
        assert_eq!(line.len(), caret.len());
    }
}
