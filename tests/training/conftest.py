"""A tiny random BERT and a tiny random MPNet with WordPiece vocabularies, and a small set to train them on."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

SYLLABLES = ["an", "be", "co", "da", "el", "fi", "go", "hu", "in", "jo"]
NAMES = {"Anbe": "PER", "Coda": "LOC", "Elfi": "ORG"}


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint folder of an encoder without a head: 2 layers of 32, 512 positions, 2 token types."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("base")
    words = [*SYLLABLES, *(f"##{each}" for each in SYLLABLES), *"abcdefghijklmnopqrstuvwxyz.,"]
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]) + "\n")
    tokenizer = transformers.BertTokenizer(vocab=str(vocabulary), do_lower_case=True)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(words) + 5,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=512,
    )
    transformers.BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_mpnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of a family without token types, its positions numbered from behind the padding id."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("mpnet")
    words = [*SYLLABLES, *(f"##{each}" for each in SYLLABLES), *"abcdefghijklmnopqrstuvwxyz.,"]
    vocabulary = {piece: at for at, piece in enumerate(["<s>", "<pad>", "</s>", "[UNK]", "<mask>", *words])}
    transformers.MPNetTokenizer(vocab=vocabulary, do_lower_case=True).save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.MPNetConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=514,
    )
    transformers.MPNetModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def small_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty sentences in two documents; three capitalised words are always names."""
    draw = random.Random(0)
    lines: list[str] = []
    for number in range(20):
        if number % 10 == 0:
            lines += ["-DOCSTART-\tO", ""]
        for _ in range(draw.randint(3, 8)):
            name = draw.choice([*NAMES, "", "", ""])
            word = name or draw.choice(SYLLABLES) + draw.choice(SYLLABLES)
            lines.append(f"{word}\t{'B-' + NAMES[name] if name else 'O'}")
        lines += [".\tO", ""]
    path = tmp_path_factory.mktemp("data") / "small.conll"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
