//! A BERT in memory: texts to tokens, tokens through the layers, the mean over the tokens.

use std::path::Path;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::BertModel;
use tokenizers::{PaddingParams, PaddingStrategy, Tokenizer, TruncationParams};

use super::files;
use crate::embeddings::{EmbedError, Space, vector};

/// A loaded model.
pub(super) struct Model {
    tokenizer: Tokenizer,
    bert: BertModel,
    dimensions: u32,
}

impl Model {
    /// Reads the model in a directory, and which space its vectors lie in.
    pub(super) fn load(dir: &Path) -> Result<(Self, Space), EmbedError> {
        let description = files::describe(dir)?;
        let tokenizer = tokenizer(dir, description.most_tokens)?;
        let weights = files::read(dir, "model.safetensors")?;
        let space = files::space_of(dir, &description, &weights);
        let weights = tensors(&weights).map_err(|error| files::bad(dir, &error))?;
        let bert = BertModel::load(weights, &description.bert).map_err(|error| files::bad(dir, &error))?;
        Ok((Self { tokenizer, bert, dimensions: space.dimensions }, space))
    }

    /// One vector for each text.
    pub(super) fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let texts = texts.iter().map(String::as_str).collect();
        let tokens = self
            .tokenizer
            .encode_batch_fast(texts, true)
            .map_err(|error| EmbedError::Failed(error.to_string()))?;
        let ids = tokens.iter().map(tokenizers::Encoding::get_ids).collect();
        let mask = tokens.iter().map(tokenizers::Encoding::get_attention_mask).collect();
        let means = self.means(ids, mask).map_err(|error| EmbedError::Failed(error.to_string()))?;
        means.into_iter().map(|mean| vector::unit(mean, self.dimensions)).collect()
    }

    /// The mean of the last layer over the tokens that are no padding.
    fn means(&self, ids: Vec<&[u32]>, mask: Vec<&[u32]>) -> candle_core::Result<Vec<Vec<f32>>> {
        let ids = Tensor::new(ids, &Device::Cpu)?;
        let mask = Tensor::new(mask, &Device::Cpu)?.to_dtype(DType::F32)?;
        let layer = self.bert.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        let sum = layer.broadcast_mul(&mask.unsqueeze(2)?)?.sum(1)?;
        sum.broadcast_div(&mask.sum_keepdim(1)?)?.to_vec2()
    }
}

/// The weights as they are multiplied: each matrix lies by its columns. A question has few tokens, and turning the matrices
/// for each of them takes longer than multiplying.
fn tensors(weights: &[u8]) -> candle_core::Result<VarBuilder<'static>> {
    let mut tensors = candle_core::safetensors::load_buffer(weights, &Device::Cpu)?;
    for (name, tensor) in &mut tensors {
        if tensor.rank() == 2 && !name.contains("embeddings") {
            *tensor = tensor.to_dtype(DType::F32)?.t()?.contiguous()?.t()?;
        }
    }
    Ok(VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu))
}

/// The tokenizer, without what its file says of lengths: 128 tokens always, which makes every question ten times as dear.
#[expect(clippy::disallowed_methods, reason = "the one model there is")]
fn tokenizer(dir: &Path, most_tokens: usize) -> Result<Tokenizer, EmbedError> {
    let mut tokenizer = Tokenizer::from_bytes(files::read(dir, "tokenizer.json")?)
        .map_err(|error| files::bad(dir, &format!("tokenizer.json: {error}")))?;
    let padding = tokenizer.get_padding().cloned().unwrap_or_default();
    tokenizer.with_padding(Some(PaddingParams { strategy: PaddingStrategy::BatchLongest, ..padding }));
    tokenizer
        .with_truncation(Some(TruncationParams { max_length: most_tokens, ..TruncationParams::default() }))
        .map_err(|error| files::bad(dir, &format!("tokenizer.json: {error}")))?;
    Ok(tokenizer)
}

#[cfg(test)]
mod tests {
    use super::tokenizer;

    #[test]
    fn lengths_come_from_the_texts_and_the_model_not_from_the_tokenizer_file() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = r#"{"version": "1.0", "added_tokens": [], "normalizer": null, "post_processor": null, "decoder": null,
            "pre_tokenizer": {"type": "Whitespace"},
            "model": {"type": "WordLevel", "vocab": {"[PAD]": 0, "a": 1, "?": 2}, "unk_token": "?"},
            "truncation": {"max_length": 2, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
            "padding": {"strategy": {"Fixed": 128}, "direction": "Right", "pad_to_multiple_of": null,
                        "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}}"#;
        std::fs::write(dir.path().join("tokenizer.json"), file).expect("written");
        let tokenizer = tokenizer(dir.path(), 4).expect("a tokenizer");
        let long = "a ".repeat(9);
        let tokens = tokenizer.encode_batch_fast(vec!["a", "a a a", &long], false).expect("tokens");
        let ids: Vec<_> = tokens.iter().map(tokenizers::Encoding::get_ids).collect();
        assert_eq!(ids, [[1, 0, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]);
        let alone = tokenizer.encode_fast("a a a", false).expect("tokens");
        assert_eq!(alone.get_ids(), [1, 1, 1]);
    }
}
