//! Points at a place in a query.

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
    // A tab counts as one character, so it is shown as one.
    let shown: String = line
        .chars()
        .skip(first)
        .take(2 * CONTEXT)
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    [format!("  {}", shown.trim_end()), format!("  {}^", " ".repeat(column - first))]
}

#[cfg(test)]
mod tests {
    use super::point_at;

    #[test]
    fn the_caret_stands_under_the_character_also_in_later_lines() {
        let sql = "SELECT ä,\n  nme FROM retail.stores";
        let position = u32::try_from("SELECT ä,\n  n".chars().count()).expect("small");
        assert_eq!(point_at(sql, position).expect("inside"), ["    nme FROM retail.stores", "    ^"]);
        assert!(point_at(sql, 0).is_none() && point_at(sql, 500).is_none());
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let sql = format!("SELECT {}x", "1 + ".repeat(100));
        let [line, caret] = point_at(&sql, u32::try_from(sql.len()).expect("small")).expect("inside");
        assert!(line.len() < 130 && line.ends_with('x'), "{line}");
        assert_eq!(line.len(), caret.len());
    }
}
