//! The columns that random statements use, by what can be done with them.

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Id,
    Text,
    Number,
    Whole,
    Time,
    Truth,
}

pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [(&'static str, Kind)],
}

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "stores",
        columns: &[
            ("store_id", Kind::Id),
            ("name", Kind::Text),
            ("location", Kind::Text),
            ("region", Kind::Text),
            ("manager_id", Kind::Id),
            ("is_online", Kind::Truth),
            ("created_at", Kind::Time),
        ],
    },
    Table {
        name: "customers",
        columns: &[
            ("customer_id", Kind::Id),
            ("store_id", Kind::Id),
            ("first_name", Kind::Text),
            ("last_name", Kind::Text),
            ("email", Kind::Text),
            ("phone", Kind::Text),
            ("created_at", Kind::Time),
        ],
    },
    Table {
        name: "orders",
        columns: &[
            ("order_id", Kind::Id),
            ("customer_id", Kind::Id),
            ("store_id", Kind::Id),
            ("order_date", Kind::Time),
            ("total_amount", Kind::Number),
            ("status", Kind::Text),
        ],
    },
    Table {
        name: "order_items",
        columns: &[
            ("order_item_id", Kind::Id),
            ("order_id", Kind::Id),
            ("store_id", Kind::Id),
            ("product_id", Kind::Id),
            ("quantity", Kind::Whole),
            ("unit_price", Kind::Number),
            ("discount_percent", Kind::Whole),
            ("discount_amount", Kind::Number),
            ("total_amount", Kind::Number),
        ],
    },
    Table {
        name: "inventory",
        columns: &[
            ("store_id", Kind::Id),
            ("product_id", Kind::Id),
            ("stock_level", Kind::Whole),
            ("reorder_level", Kind::Whole),
            ("updated_at", Kind::Time),
        ],
    },
    Table {
        name: "products",
        columns: &[
            ("product_id", Kind::Id),
            ("sku", Kind::Text),
            ("name", Kind::Text),
            ("category_id", Kind::Id),
            ("product_type_id", Kind::Id),
            ("cost", Kind::Number),
            ("base_price", Kind::Number),
            ("created_at", Kind::Time),
        ],
    },
    Table { name: "categories", columns: &[("category_id", Kind::Id), ("category_name", Kind::Text)] },
];
