//! How good a ranking is, from grades by hand: nDCG@10, recall@10 and the reciprocal rank.

use std::collections::HashMap;
use std::ops::{AddAssign, Div};

use serde::{Deserialize, Serialize};

/// The places of a ranking that count.
pub(super) const PLACES: usize = 10;
/// From this grade on an article does what was meant.
const DOES_IT: u32 = 2;

/// Figures of one ranking, or their mean; each from 0 to 1, the best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Figures {
    /// Gain `2^grade - 1`, divided by `log2(place + 1)`, against the best order there is.
    pub(super) ndcg: f64,
    /// The share of articles with a grade that are among the places; where more have one, of as many as fit.
    pub(super) recall: f64,
    /// 1 divided by the place of the first article that does what was meant; 0 when it is not among the places.
    pub(super) mrr: f64,
}

impl Figures {
    /// Of one ranking, best first.
    pub(super) fn of(ranking: &[String], grades: &HashMap<String, u32>) -> Self {
        let found: Vec<u32> =
            ranking.iter().take(PLACES).map(|sku| grades.get(sku).copied().unwrap_or(0)).collect();
        let mut best: Vec<u32> = grades.values().copied().collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let hits = found.iter().filter(|grade| **grade > 0).count();
        let first = found.iter().position(|grade| *grade >= DOES_IT);
        Self {
            ndcg: gain(&found) / gain(&best),
            recall: share(hits, best.len().min(PLACES)),
            mrr: first.map_or(0.0, |place| share(1, place + 1)),
        }
    }

    /// To four decimals: enough to compare, few enough to read.
    pub(super) fn rounded(self) -> Self {
        let rounded = |number: f64| (number * 10_000.0).round() / 10_000.0;
        Self { ndcg: rounded(self.ndcg), recall: rounded(self.recall), mrr: rounded(self.mrr) }
    }
}

fn gain(grades: &[u32]) -> f64 {
    let gains = grades.iter().take(PLACES).zip(2_u32..);
    gains.map(|(grade, place)| (f64::from(*grade).exp2() - 1.0) / f64::from(place).log2()).sum()
}

fn share(part: usize, whole: usize) -> f64 {
    let count = |number: usize| f64::from(u32::try_from(number).expect("a small number"));
    count(part) / count(whole)
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.ndcg += other.ndcg;
        self.recall += other.recall;
        self.mrr += other.mrr;
    }
}

impl Div<u32> for Figures {
    type Output = Self;

    fn div(self, count: u32) -> Self {
        let count = f64::from(count);
        Self { ndcg: self.ndcg / count, recall: self.recall / count, mrr: self.mrr / count }
    }
}

/// The mean of rankings.
pub(super) fn mean(all: impl IntoIterator<Item = Figures>) -> Figures {
    let (mut sum, mut count) = (Figures::default(), 0);
    for figures in all {
        sum += figures;
        count += 1;
    }
    assert!(count > 0, "a mean of nothing");
    sum / count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ranking: &[&str], grades: &[(&str, u32)]) -> Figures {
        let ranking: Vec<String> = ranking.iter().map(|sku| (*sku).to_owned()).collect();
        Figures::of(&ranking, &grades.iter().map(|(sku, grade)| ((*sku).to_owned(), *grade)).collect())
    }

    #[track_caller]
    fn near(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-4, "{left} is not {right}");
    }

    #[test]
    fn the_best_order_has_all() {
        let figures = of(&["a", "b", "c", "x"], &[("a", 3), ("b", 2), ("c", 1)]);
        assert_eq!(figures, Figures { ndcg: 1.0, recall: 1.0, mrr: 1.0 });
    }

    #[test]
    fn nothing_found_has_nothing() {
        assert_eq!(of(&[], &[("a", 3)]), Figures::default());
        assert_eq!(of(&["x", "y"], &[("a", 3)]), Figures::default());
    }

    /// By hand: x 0, b 3 / log2 3 = 1.8928, a 7 / log2 4 = 3.5, so 5.3928; best 7 + 3 / log2 3 + 1 / 2 = 9.3928.
    #[test]
    fn places_count_less_and_less() {
        let figures = of(&["x", "b", "a"], &[("a", 3), ("b", 2), ("c", 1)]);
        near(figures.ndcg, 5.392_789 / 9.392_789);
        near(figures.recall, 2.0 / 3.0);
        near(figures.mrr, 0.5);
    }

    /// By hand: c 1, a 7 / log2 3 = 4.4165, so 5.4165 of 7 + 1 / log2 3 = 7.6309. A neighbour is not what was meant.
    #[test]
    fn what_only_belongs_to_it_is_no_first_hit() {
        let figures = of(&["c", "a"], &[("a", 3), ("c", 1)]);
        near(figures.ndcg, 5.416_508 / 7.630_930);
        near(figures.recall, 1.0);
        near(figures.mrr, 0.5);
    }

    #[test]
    fn the_eleventh_place_does_not_count() {
        let ranking = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "a"];
        assert_eq!(of(&ranking, &[("a", 3)]), Figures::default());
        near(of(&ranking[1..], &[("a", 3)]).ndcg, 1.0 / 11_f64.log2());
    }

    /// Twelve articles fit and ten places are there: ten found are all that can be.
    #[test]
    fn recall_asks_for_no_more_than_fits() {
        let names: Vec<String> = (0..12).map(|number| format!("sku{number}")).collect();
        let grades: Vec<(&str, u32)> = names.iter().map(|name| (name.as_str(), 1)).collect();
        let ranking: Vec<&str> = names.iter().map(String::as_str).take(10).collect();
        near(of(&ranking, &grades).recall, 1.0);
        near(of(&ranking[..5], &grades).recall, 0.5);
    }

    #[test]
    fn a_mean_is_of_each_figure() {
        let one = Figures { ndcg: 1.0, recall: 0.5, mrr: 0.25 };
        let two = Figures { ndcg: 0.0, recall: 0.5, mrr: 0.75 };
        assert_eq!(mean([one, two]), Figures { ndcg: 0.5, recall: 0.5, mrr: 0.5 });
    }
}
