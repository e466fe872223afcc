#!/usr/bin/env python3
"""Vectors of a BERT sentence-transformers model by numpy alone, in float64: reference.py MODEL_DIR TEXTS.json > reference.json

Shares no code with the program: its own tokenizer from vocab.txt's words (as tokenizer.json lists them), its own reading
of safetensors, its own layers. Needs numpy, nothing else.
"""

import json
import math
import pathlib
import struct
import sys
import unicodedata

import numpy as np


def read_safetensors(path):
    data = path.read_bytes()
    (header_size,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + header_size]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = (8 + header_size + offset for offset in entry["data_offsets"])
            flat = np.frombuffer(data[begin:end], dtype="<f4").astype(np.float64)
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


def is_punctuation(c):
    ascii_sign = 33 <= ord(c) <= 47 or 58 <= ord(c) <= 64 or 91 <= ord(c) <= 96 or 123 <= ord(c) <= 126
    return ascii_sign or unicodedata.category(c).startswith("P")


def is_ideograph(c):
    blocks = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]
    return any(low <= ord(c) <= high for low, high in blocks)


def words(text):
    out = []
    for c in unicodedata.normalize("NFD", text.lower()):
        category = unicodedata.category(c)
        if category == "Mn" or (category in ("Cc", "Cf") and c not in "\t\n\r"):
            continue
        if c.isspace():
            out.append(" ")
        elif is_punctuation(c) or is_ideograph(c):
            out.append(f" {c} ")
        else:
            out.append(c)
    return "".join(out).split()


def pieces(word, vocabulary):
    if len(word) > 100:
        return [vocabulary["[UNK]"]]
    ids, begin = [], 0
    while begin < len(word):
        for end in range(len(word), begin, -1):
            piece = ("##" if begin else "") + word[begin:end]
            if piece in vocabulary:
                ids.append(vocabulary[piece])
                begin = end
                break
        else:
            return [vocabulary["[UNK]"]]
    return ids


def tokens(text, vocabulary, most):
    ids = [id for word in words(text) for id in pieces(word, vocabulary)]
    return [vocabulary["[CLS]"], *ids[: most - 2], vocabulary["[SEP]"]]


def layer_norm(x, tensors, name):
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-12) * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]


def linear(x, tensors, name):
    return x @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]


def vector(ids, tensors, config):
    width, heads = config["hidden_size"], config["num_attention_heads"]
    x = tensors["embeddings.word_embeddings.weight"][ids]
    x = x + tensors["embeddings.position_embeddings.weight"][: len(ids)]
    x = layer_norm(x + tensors["embeddings.token_type_embeddings.weight"][0], tensors, "embeddings.LayerNorm")
    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        query, key, value = (
            linear(x, tensors, f"{at}.attention.self.{part}").reshape(len(ids), heads, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(width / heads)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (weights / weights.sum(-1, keepdims=True)) @ value
        mixed = linear(mixed.transpose(1, 0, 2).reshape(len(ids), width), tensors, f"{at}.attention.output.dense")
        x = layer_norm(x + mixed, tensors, f"{at}.attention.output.LayerNorm")
        inner = linear(x, tensors, f"{at}.intermediate.dense")
        inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        x = layer_norm(x + linear(inner, tensors, f"{at}.output.dense"), tensors, f"{at}.output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def main():
    model, texts = pathlib.Path(sys.argv[1]), json.loads(pathlib.Path(sys.argv[2]).read_text())
    config = json.loads((model / "config.json").read_text())
    vocabulary = json.loads((model / "tokenizer.json").read_text())["model"]["vocab"]
    most = json.loads((model / "sentence_bert_config.json").read_text())["max_seq_length"]
    tensors = read_safetensors(model / "model.safetensors")
    found = [
        {"text": text, "vector": [round(float(x), 5) for x in vector(tokens(text, vocabulary, most), tensors, config)]}
        for text in texts
    ]
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in found)
    print(f"[\n{lines}\n]")


if __name__ == "__main__":
    main()
