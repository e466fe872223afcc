//! What the shop sells: categories, kinds of product and products, from `sql/seed/catalogue`.

use std::ops::Range;

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use uuid::Uuid;

use super::money::{self, Cents};
use super::{keys, parameters};

/// Categories in the order of their rows, with their products.
const FILES: [(&str, &str); 9] = [
    ("Electrical", include_str!("../../../sql/seed/catalogue/electrical.csv")),
    ("Garden & Outdoor", include_str!("../../../sql/seed/catalogue/garden_outdoor.csv")),
    ("Hand Tools", include_str!("../../../sql/seed/catalogue/hand_tools.csv")),
    ("Hardware", include_str!("../../../sql/seed/catalogue/hardware.csv")),
    ("Lumber & Building Materials", include_str!("../../../sql/seed/catalogue/lumber_building.csv")),
    ("Paint & Finishes", include_str!("../../../sql/seed/catalogue/paint_finishes.csv")),
    ("Plumbing", include_str!("../../../sql/seed/catalogue/plumbing.csv")),
    ("Power Tools", include_str!("../../../sql/seed/catalogue/power_tools.csv")),
    ("Storage & Organization", include_str!("../../../sql/seed/catalogue/storage_organization.csv")),
];

/// A department.
#[derive(Debug)]
pub(super) struct Category {
    pub(super) id: Uuid,
    pub(super) name: &'static str,
    /// Positions of its kinds of product.
    pub(super) types: Range<usize>,
}

/// A kind of product, and how it sells.
#[derive(Debug)]
pub(super) struct ProductType {
    pub(super) id: Uuid,
    pub(super) name: String,
    /// Position of its category.
    pub(super) category: usize,
    /// Positions of its products, the best seller first.
    pub(super) products: Range<usize>,
    /// Share of lines in an average month, in no particular unit.
    pub(super) weight: u64,
    /// Most pieces in one line.
    pub(super) most_pieces: u64,
    /// Orders of 1,000 that come back when they contain it.
    pub(super) return_per_mille: u64,
}

/// One article.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) id: Uuid,
    pub(super) sku: String,
    pub(super) name: String,
    pub(super) description: String,
    /// Position of its kind.
    pub(super) kind: usize,
    pub(super) cost: Cents,
    /// List price today.
    pub(super) price: Cents,
}

/// Everything the shop sells; positions in one list are what the others refer to.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    pub(super) categories: Vec<Category>,
    pub(super) types: Vec<ProductType>,
    pub(super) products: Vec<Product>,
}

#[derive(Deserialize)]
struct Article {
    sku: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    cost: String,
    price: String,
    description: String,
}

#[derive(Deserialize)]
struct TypeRow {
    category: String,
    #[serde(rename = "type")]
    kind: String,
    weight: u64,
    most_pieces: u64,
    return_per_mille: u64,
}

impl Catalogue {
    /// Reads all files.
    pub(super) fn read() -> anyhow::Result<Self> {
        let selling: Vec<TypeRow> = parameters::read("types", parameters::TYPES)?;
        let mut catalogue = Self::default();
        for (name, text) in FILES {
            catalogue.add_category(name, parameters::read(name, text)?, &selling)?;
        }
        Ok(catalogue)
    }

    /// The position of a product; `None` when there is no such article number.
    pub(super) fn position(&self, sku: &str) -> Option<usize> {
        self.products.iter().position(|product| product.sku == sku)
    }

    fn add_category(
        &mut self,
        name: &'static str,
        articles: Vec<Article>,
        selling: &[TypeRow],
    ) -> anyhow::Result<()> {
        let category = self.categories.len();
        let first_type = self.types.len();
        for article in articles {
            if self
                .types
                .get(first_type..)
                .unwrap_or_default()
                .last()
                .is_none_or(|last| last.name != article.kind)
            {
                self.add_type(category, name, &article.kind, selling)?;
            }
            self.add_product(article)?;
        }
        let types = first_type..self.types.len();
        self.categories.push(Category { id: keys::by_name("category", name), name, types });
        Ok(())
    }

    fn add_type(
        &mut self,
        category: usize,
        category_name: &str,
        name: &str,
        selling: &[TypeRow],
    ) -> anyhow::Result<()> {
        let sells = selling
            .iter()
            .find(|row| row.category == category_name && row.kind == name)
            .with_context(|| format!("sql/seed/types.csv has no row for {category_name}, {name}"))?;
        self.types.push(ProductType {
            id: keys::by_name("product type", &format!("{category_name}/{name}")),
            name: name.to_owned(),
            category,
            products: self.products.len()..self.products.len(),
            weight: sells.weight,
            most_pieces: sells.most_pieces,
            return_per_mille: sells.return_per_mille,
        });
        Ok(())
    }

    fn add_product(&mut self, article: Article) -> anyhow::Result<()> {
        let amount = |text: &str| {
            money::parse(text)
                .with_context(|| format!("{}: `{text}` is not an amount like 12.34", article.sku))
        };
        let (cost, price) = (amount(&article.cost)?, amount(&article.price)?);
        ensure!(0 < cost && cost < price, "{}: the price must be above the cost", article.sku);
        let kind = self.types.len().saturating_sub(1);
        self.products.push(Product {
            id: keys::by_name("product", &article.sku),
            sku: article.sku,
            name: article.name,
            description: article.description,
            kind,
            cost,
            price,
        });
        if let Some(last) = self.types.last_mut() {
            last.products.end = self.products.len();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Catalogue;

    #[test]
    fn every_article_has_its_own_key_and_every_kind_comes_once() {
        let catalogue = Catalogue::read().expect("the files are good");
        assert_eq!(catalogue.categories.len(), 9);
        assert!(catalogue.products.len() > 400);
        let keys: HashSet<_> = catalogue.products.iter().map(|product| product.id).collect();
        assert_eq!(keys.len(), catalogue.products.len());
        let kinds: HashSet<_> = catalogue.types.iter().map(|kind| kind.id).collect();
        assert_eq!(kinds.len(), catalogue.types.len(), "the rows of a kind stand together");
    }
}
