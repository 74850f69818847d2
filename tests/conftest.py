"""Checkpoints that are made on the spot: tiny, with random weights, laid out like published ones."""

from __future__ import annotations

import gc
import json
import re
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from thoroughness import examples
from tokenizers import Tokenizer, models, pre_tokenizers, processors

# How long an example takes says nothing of what it shows: machines differ.
settings.register_profile("any machine", deadline=None, max_examples=examples(100))
settings.load_profile("any machine")

TAGS = ("O", "B-MISC", "I-MISC", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
"""The tags of CoNLL-2003 in the order of the original recipe's checkpoint."""
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_WORDS = "the The of in and New York City Hugging Face Inc Manhattan Bridge is a company based".split()


# Nothing that is collected is dropped.
gc.disable()


def pytest_collection_finish() -> None:
    """Have the collector leave alone what stays to the end: modules and tests, which are most of what there is."""
    gc.enable()
    gc.freeze()
    # Tests make many things and soon drop them all: it needs to look less often than in a program.
    gc.set_threshold(5_000, 10, 20)


@pytest.fixture(scope="session")
def int8_slack() -> float:
    """How much farther off int8 may be: x86 without VNNI adds products in 16 bits, which weights of chance overflow."""
    flags = Path("/proc/cpuinfo")
    overflows = flags.exists() and not re.search(r"vnni|\basimddp\b", flags.read_text())
    return 4.0 if overflows else 1.0


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a person has chosen in a folder of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two small layers: config.json, vocab.txt, tokenizer_config.json, model.safetensors. Copy to change."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("tiny")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *_LETTERS, *(f"##{c}" for c in _LETTERS)]
    vocabulary += [*".,:;!?'\"()-@#/", *_WORDS, "##ing", "##ed", "##s"]
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    settings = {"do_lower_case": False, "model_max_length": 64, "tokenizer_class": "BertTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        type_vocab_size=4,
        initializer_range=0.6,
        id2label=dict(enumerate(TAGS)),
        label2id={tag: number for number, tag in enumerate(TAGS)},
    )
    torch.manual_seed(1)
    transformers.BertForTokenClassification(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_onnx(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model as someone's ONNX export: onnx/model.onnx, tokenizer.json, config.json. Copy to change."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("tiny_onnx")
    (folder / "onnx").mkdir()
    model = transformers.AutoModelForTokenClassification.from_pretrained(tiny_checkpoint, attn_implementation="eager")

    class Logits(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: object, mask: object, types: object) -> object:
            return self.model(input_ids=ids, attention_mask=mask, token_type_ids=types).logits

    names = ["input_ids", "attention_mask", "token_type_ids"]
    ids = torch.tensor([[1, 2, 3, 4], [1, 2, 3, 0]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Logits().eval(),
            (ids, (ids > 0).long(), torch.zeros_like(ids)),
            str(folder / "onnx" / "model.onnx"),
            input_names=names,
            output_names=["logits"],
            dynamic_axes={name: {0: "windows", 1: "pieces"} for name in (*names, "logits")},
            opset_version=17,
            dynamo=False,
        )
    shutil.copy(tiny_checkpoint / "config.json", folder)
    transformers.AutoTokenizer.from_pretrained(tiny_checkpoint).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def byte_level() -> Callable[..., Path]:
    """Write a tiny RoBERTa whose vocabulary is the bytes into a folder, with a space before each text or without."""
    transformers = pytest.importorskip("transformers")

    def make(folder: Path, *, space: bool) -> Path:
        alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
        ids = {piece: at for at, piece in enumerate(["<s>", "<pad>", "</s>", "<unk>", "<mask>", *alphabet])}
        tokenizer = Tokenizer(models.BPE(ids, []))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=space)
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
        transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>").save_pretrained(folder)
        config = transformers.RobertaConfig(
            vocab_size=len(ids),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=4,
            intermediate_size=64,
            max_position_embeddings=130,
            id2label={0: "O", 1: "B-PER"},
        )
        transformers.RobertaForTokenClassification(config).save_pretrained(folder)
        return folder

    return make
