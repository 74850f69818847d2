"""A smaller vocabulary reads what it keeps as before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch

from ner_tui.training.base import load_base, load_tokenizer
from ner_tui.training.vocabulary import keep_scripts


@pytest.mark.parametrize("family", ["bert", "mpnet"])
def test_what_is_kept_is_read_as_before_and_the_rest_is_unknown(family: str, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    words = ["[unused0]", "д", "##д", "ada", "##s", "é", "東", ".", "runs"]
    torch.manual_seed(0)
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    if family == "bert":
        special = ["[PAD]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        vocabulary = {piece: at for at, piece in enumerate([*special, *words])}
        tokenizer = transformers.BertTokenizer(vocab=vocabulary, do_lower_case=True, strip_accents=False)
        base = transformers.BertModel(transformers.BertConfig(vocab_size=len(vocabulary), **sizes))
    else:
        vocabulary = {piece: at for at, piece in enumerate(["<s>", "<pad>", "</s>", *words, "[UNK]", "<mask>"])}
        tokenizer = transformers.MPNetTokenizer(vocab=vocabulary, do_lower_case=True, strip_accents=False)
        base = transformers.MPNetModel(transformers.MPNetConfig(vocab_size=len(vocabulary), **sizes))
    tokenizer.save_pretrained(tmp_path)
    base.save_pretrained(tmp_path)
    model: Any = load_base(tmp_path, ["O", "B-PER"], letter_shapes=False, seed=1)
    model.eval()
    before = load_tokenizer(tmp_path)
    known = [before(["Adas", "é", "runs", "."], is_split_into_words=True)["input_ids"] for _ in range(1)]
    with torch.no_grad():
        wanted = model(torch.tensor(known)).logits
    after = keep_scripts(model, before, ["LATIN"])
    with torch.no_grad():
        found = model(torch.tensor([after(["Adas", "é", "runs", "."], is_split_into_words=True)["input_ids"]])).logits
    assert torch.allclose(found, wanted, atol=1e-5)
    dropped = 5 if family == "bert" else 4
    assert model.config.vocab_size == len(vocabulary) - dropped == model.get_input_embeddings().num_embeddings
    assert after.convert_ids_to_tokens(after("東 дд")["input_ids"])[1:-1] == ["[UNK]", "[UNK]"]
    model.save_pretrained(tmp_path / "small")
    after.save_pretrained(tmp_path / "small")
    assert load_tokenizer(tmp_path / "small")("Adas")["input_ids"] == after("Adas")["input_ids"]
