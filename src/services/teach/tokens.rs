//! The words of a query, enough of them to look around the place of an error. No grammar: PostgreSQL is the only parser.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services) enum Kind {
    /// A keyword or a name, in lower case.
    Word,
    /// A name in double quotes, without them.
    Quoted,
    /// A literal in single quotes or dollar signs, with them.
    Text,
    /// A number.
    Number,
    /// An operator, or one of `( ) [ ] , ; .`
    Sign,
}

/// One token and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::services) struct Token {
    pub(in crate::services) kind: Kind,
    pub(in crate::services) text: String,
    /// Characters before it.
    pub(in crate::services) at: usize,
}

impl Token {
    /// Whether it is this keyword or sign; keywords in lower case.
    pub(in crate::services) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Sign) && self.text == text
    }

    /// Whether it can name something.
    pub(in crate::services) fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted)
    }
}

/// All tokens of a text, comments left out.
pub(in crate::services) fn tokens(sql: &str) -> Vec<Token> {
    let mut reader = Reader { rest: sql.chars().collect(), at: 0 };
    std::iter::from_fn(|| reader.next()).collect()
}

struct Reader {
    rest: Vec<char>,
    at: usize,
}

impl Reader {
    fn next(&mut self) -> Option<Token> {
        self.skip_blanks();
        let (at, first) = (self.at, self.peek(0)?);
        let (kind, text) = match first {
            '\'' => (Kind::Text, self.text(false)),
            'e' | 'E' if self.peek(1) == Some('\'') => {
                self.at += 1;
                (Kind::Text, self.text(true))
            }
            '"' => (Kind::Quoted, self.quoted()),
            '$' if self.dollar().is_some() => (Kind::Text, self.dollar_text()),
            c if c.is_ascii_digit() => {
                (Kind::Number, self.run(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_'))
            }
            c if is_name(c) => {
                (Kind::Word, self.run(|c| is_name(c) || c.is_ascii_digit() || c == '$').to_lowercase())
            }
            c if is_operator(c) => (Kind::Sign, self.operator()),
            _ => {
                self.at += 1;
                (Kind::Sign, first.to_string())
            }
        };
        Some(Token { kind, text, at })
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn starts(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(c) = self.peek(0).filter(|c| belongs(*c)) {
            text.push(c);
            self.at += 1;
        }
        text
    }

    /// Two comments in a row and blanks between them are one gap.
    fn skip_blanks(&mut self) {
        loop {
            let before = self.at;
            self.run(char::is_whitespace);
            if self.starts("--") {
                self.run(|c| c != '\n');
            } else if self.starts("/*") {
                self.skip_comment();
            }
            if self.at == before {
                return;
            }
        }
    }

    fn skip_comment(&mut self) {
        let mut depth = 0;
        while self.peek(0).is_some() {
            let step = if self.starts("/*") {
                depth += 1;
                2
            } else if self.starts("*/") {
                depth -= 1;
                2
            } else {
                1
            };
            self.at += step;
            if depth == 0 {
                return;
            }
        }
    }

    /// From a single quote to the one that ends it.
    fn text(&mut self, escapes: bool) -> String {
        let mut text = String::from('\'');
        self.at += 1;
        while let Some(c) = self.peek(0) {
            self.at += 1;
            text.push(c);
            let doubled = c == '\'' && self.peek(0) == Some('\'');
            if doubled || (escapes && c == '\\') {
                text.extend(self.peek(0));
                self.at += 1;
            } else if c == '\'' {
                break;
            }
        }
        text
    }

    fn quoted(&mut self) -> String {
        let mut text = String::new();
        self.at += 1;
        while let Some(c) = self.peek(0) {
            self.at += 1;
            if c == '"' {
                if self.peek(0) != Some('"') {
                    break;
                }
                self.at += 1;
            }
            text.push(c);
        }
        text
    }

    /// The `$tag$` that begins here.
    fn dollar(&self) -> Option<String> {
        let tag: String = self.rest.iter().skip(self.at + 1).take_while(|c| is_name(**c)).collect();
        (self.peek(1 + tag.chars().count()) == Some('$')).then(|| format!("${tag}$"))
    }

    fn dollar_text(&mut self) -> String {
        let tag = self.dollar().unwrap_or_default();
        let mut text = tag.clone();
        self.at += tag.chars().count();
        while !self.starts(&tag) {
            let Some(c) = self.peek(0) else { return text };
            text.push(c);
            self.at += 1;
        }
        self.at += tag.chars().count();
        text + &tag
    }

    fn operator(&mut self) -> String {
        let mut text = String::new();
        while let Some(c) = self.peek(0).filter(|c| is_operator(*c)) {
            if !text.is_empty() && (self.starts("--") || self.starts("/*")) {
                break;
            }
            text.push(c);
            self.at += 1;
        }
        text
    }
}

fn is_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_operator(c: char) -> bool {
    "+-*/<>=~!@#%^&|?:`".contains(c)
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    #[test]
    fn texts_comments_and_quoted_names_are_one_token_each_or_none() {
        let sql = "SELECT o.\"A\"\"b\", 'it''s', E'\\'x', $q$ FROM $q$ -- FROM x\n/* a /* b */ c */ FROM t WHERE a::int>=1.5";
        let found: Vec<String> = tokens(sql).into_iter().map(|token| token.text).collect();
        let expected = [
            "select",
            "o",
            ".",
            "A\"b",
            ",",
            "'it''s'",
            ",",
            "'\\'x'",
            ",",
            "$q$ FROM $q$",
            "from",
            "t",
            "where",
            "a",
            "::",
            "int",
            ">=",
            "1.5",
        ];
        assert_eq!(found, expected);
        assert_eq!(tokens("SELECT \"X\"")[1].kind, Kind::Quoted);
    }

    #[test]
    fn places_are_counted_in_characters() {
        let found = tokens("SELECT 'äöü', 表");
        assert_eq!((found[3].text.as_str(), found[3].at), ("表", 14));
    }

    #[test]
    fn what_never_ends_ends_with_the_text() {
        for open in ["'x", "\"x", "/* x", "$a$ x", "E'\\", "$", "1."] {
            let _ = tokens(open);
        }
    }
}
