//! What every vector of this room is: finite, of the right size, of length 1.

use super::EmbedError;

/// Checks a vector and scales it to length 1.
pub(super) fn unit(mut vector: Vec<f32>, dimensions: u32) -> Result<Vec<f32>, EmbedError> {
    let got = u32::try_from(vector.len()).unwrap_or(u32::MAX);
    if got != dimensions {
        return Err(EmbedError::Dimensions { expected: dimensions, got });
    }
    // In f64: the squares of large but finite numbers overflow f32.
    let length = vector.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    if !length.is_finite() || length == 0.0 {
        return Err(EmbedError::NotFinite);
    }
    for x in &mut vector {
        #[expect(clippy::cast_possible_truncation, reason = "at most 1")]
        let scaled = (f64::from(*x) / length) as f32;
        *x = scaled;
    }
    Ok(vector)
}

#[cfg(test)]
mod tests {
    use super::unit;
    use crate::embeddings::EmbedError;

    #[test]
    fn vectors_have_length_one_and_keep_their_direction() {
        assert_eq!(unit(vec![3.0, -4.0], 2).expect("fine"), [0.6, -0.8]);
        assert_eq!(unit(vec![f32::MAX, 0.0], 2).expect("fine"), [1.0, 0.0]);
    }

    #[test]
    fn what_is_no_vector_is_refused() {
        for bad in [vec![f32::NAN, 1.0], vec![f32::INFINITY, 1.0], vec![0.0, 0.0]] {
            assert!(matches!(unit(bad, 2), Err(EmbedError::NotFinite)));
        }
        assert!(matches!(unit(vec![1.0], 2), Err(EmbedError::Dimensions { expected: 2, got: 1 })));
        assert!(matches!(unit(vec![], 2), Err(EmbedError::Dimensions { expected: 2, got: 0 })));
    }
}
