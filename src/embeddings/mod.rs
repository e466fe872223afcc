//! The model room: from text to vectors.
//!
//! Models, local and remote, come in here behind one trait, and reqwest with them, and stay in here. There is none yet,
//! and the room says so: the search asks [`searched_by`] and tells the client.

/// How a product search compares a question with products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchedBy {
    /// By words: PostgreSQL's full text search.
    Text,
}

impl SearchedBy {
    /// The word for answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
        }
    }

    /// What a client should know about it.
    #[must_use]
    pub const fn note(self) -> &'static str {
        match self {
            Self::Text => {
                "Searched by words only, because no embedding model is set up: try other words for the same thing."
            }
        }
    }
}

/// How questions are compared now.
#[must_use]
pub const fn searched_by() -> SearchedBy {
    SearchedBy::Text
}
