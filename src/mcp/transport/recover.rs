//! Finds the id in a message that cannot be read, so that its sender does not wait for ever.

/// Longest id that is looked for, as JSON text.
const LONGEST: usize = 256;

/// Where in the outermost object.
#[derive(Debug, Default, PartialEq)]
enum Place {
    #[default]
    Key,
    Id,
    OtherValue,
}

/// Reads a message byte by byte, however long and broken it is, in constant memory, and remembers the outermost `id`.
#[derive(Debug, Default)]
pub(super) struct IdScanner {
    depth: usize,
    in_string: bool,
    escaped: bool,
    place: Place,
    /// The current key or value of the outermost object, as JSON text.
    text: Vec<u8>,
    found: Option<String>,
}

impl IdScanner {
    /// The id of a whole message as JSON text, when it is a string or a number.
    pub(super) fn scan(message: &[u8]) -> Option<String> {
        let mut scanner = Self::default();
        scanner.feed(message);
        scanner.finish()
    }

    /// Reads on.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if self.in_string { self.inside_string(*byte) } else { self.outside_string(*byte) }
        }
    }

    /// What was found.
    pub(super) fn finish(mut self) -> Option<String> {
        self.end_of_value();
        self.found
    }

    fn inside_string(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            _ => {}
        }
        self.keep(byte);
    }

    fn outside_string(&mut self, byte: u8) {
        match byte {
            b'"' => {
                self.in_string = true;
                self.keep(byte);
            }
            b'{' | b'[' => {
                self.keep(byte);
                self.depth += 1;
            }
            b'}' | b']' => {
                if self.depth == 1 {
                    self.end_of_value();
                }
                self.depth = self.depth.saturating_sub(1);
            }
            b':' if self.depth == 1 && self.place == Place::Key => {
                self.place =
                    if self.text.trim_ascii_end() == b"\"id\"" { Place::Id } else { Place::OtherValue };
                self.text.clear();
            }
            b',' if self.depth == 1 => self.end_of_value(),
            // One blank is kept: `1 2` is no number.
            _ if byte.is_ascii_whitespace() => {
                if self.text.last().is_some_and(|last| *last != b' ') {
                    self.keep(b' ');
                }
            }
            _ => self.keep(byte),
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.depth == 1 && self.text.len() <= LONGEST {
            self.text.push(byte);
        }
    }

    fn end_of_value(&mut self) {
        if self.place == Place::Id && self.found.is_none() && self.text.len() <= LONGEST {
            let value = serde_json::from_slice::<serde_json::Value>(&self.text);
            if value.is_ok_and(|value| value.is_string() || value.is_number()) {
                self.found = String::from_utf8(self.text.trim_ascii_end().to_vec()).ok();
            }
        }
        self.place = Place::Key;
        self.text.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::IdScanner;

    fn id(message: &str) -> Option<String> {
        IdScanner::scan(message.as_bytes())
    }

    #[test]
    fn the_outermost_id_is_found_wherever_it_stands() {
        assert_eq!(id(r#"{"jsonrpc":"2.0","id":7,"method":"#).as_deref(), Some("7"));
        assert_eq!(id(r#"{"params":{"id":1,"x":[{"id":2}]}, "id" : "a\"b" ,"#).as_deref(), Some(r#""a\"b""#));
        assert_eq!(id(r#"{"a":"\"id\":5","id":-3}"#).as_deref(), Some("-3"));
        assert_eq!(id(r#"{"id":99999999999999999999,"method":1"#).as_deref(), Some("99999999999999999999"));
    }

    #[test]
    fn what_is_no_id_is_not_taken_for_one() {
        for message in [
            "",
            "garbage",
            r#"{"method":"id","params":{"id":1}}"#,
            r#"[{"jsonrpc":"2.0","id":1}]"#,
            r#"{"id":null}"#,
            r#"{"id":{"id":1}}"#,
            r#"{"id":[1]}"#,
            r#"{"id":tru"#,
            r#"{"x":"id":4}"#,
            r#"{"id":1 2,"method":"#,
            r#"{"id":"a" "b"}"#,
        ] {
            assert_eq!(id(message), None, "{message}");
        }
        let long = format!(r#"{{"id":"{}"}}"#, "x".repeat(300));
        assert_eq!(id(&long), None);
    }

    #[test]
    fn it_can_be_fed_in_pieces() {
        let message = br#"{"params":{"text":"xxxx"},"id":"abc"}"#;
        for cut in 0..message.len() {
            let mut scanner = IdScanner::default();
            scanner.feed(&message[..cut]);
            scanner.feed(&message[cut..]);
            assert_eq!(scanner.finish().as_deref(), Some("\"abc\""), "{cut}");
        }
    }
}
