"""Models as they are published: families that need care, and other kinds, recognised by name with the next step."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.errors import ModelError
from ner_tui.predictors import BUNDLED_MODELS, load
from ner_tui.predictors.base import ModelInfo
from ner_tui.predictors.suggesting import remarks

Make = Callable[..., list[Sentence]]
Alter = Callable[[Path], object]
Altered = Callable[[Path, Alter], str]
Configured = Callable[..., Alter]
ByteLevel = Callable[..., Path]


@pytest.mark.parametrize(
    ("files", "what", "step"),
    [
        (("meta.json", "config.cfg", "tokenizer"), "spaCy", r"\.spacy"),
        (("meta.json", "__init__.py"), "spaCy", r"\.spacy"),
        (("pytorch_model.bin", "training.log"), "flair", "CoNLL"),
        (("final-model.pt",), "flair", "CoNLL"),
    ],
)
def test_a_folder_of_another_library_is_named(tmp_path: Path, files: tuple[str, ...], what: str, step: str) -> None:
    for name in files:
        (tmp_path / name).write_text("{}")
    with pytest.raises(ModelError, match=f"{what}.*{step}.*ner-tui review"):
        load(str(tmp_path))


def test_an_adapter_without_its_checkpoint_is_named(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"an adapter.*merge the two"):
        load(str(tmp_path))


@pytest.mark.parametrize("name", ["tf_model.h5", "flax_model.msgpack"])
def test_weights_of_another_framework_are_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(ModelError, match=rf"{name}.*safetensors"):
        load(str(tmp_path))


@pytest.mark.parametrize("spec", ["en_core_web_sm", "de_core_news_lg", "xx_ent_wiki_sm"])
def test_a_name_of_spacys_is_no_hub_name(spec: str) -> None:
    with pytest.raises(ModelError, match="a spaCy pipeline"):
        load(spec)


@pytest.mark.parametrize("spec", ["bundled-1", BUNDLED_MODELS["bundled"].name, "fast-12"])
def test_a_version_of_our_own_models_is_no_hub_name(spec: str) -> None:
    with pytest.raises(ModelError, match=rf"^{spec}: .* comes with bundled-\d+ \(--model bundled\) and fast-"):
        load(spec)


def test_a_file_of_flairs_is_named(tmp_path: Path) -> None:
    (tmp_path / "best-model.pt").write_bytes(b"")
    with pytest.raises(ModelError, match="flair"):
        load(str(tmp_path / "best-model.pt"))


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"model_type": "canine", "architectures": ["CanineForTokenClassification"]}, "single characters.*sub-tokens"),
        ({"model_type": "character_bert"}, "single characters"),
        ({"model_type": "layoutlmv3", "architectures": ["LayoutLMv3ForTokenClassification"]}, "pages.*text alone"),
        ({"model_type": "lilt"}, "pages"),
        ({"model_type": "gliner"}, "GLiNER model without its gliner_config.json"),
        ({"model_type": "extractor"}, "GLiNER2"),
        ({"model_type": "bert", "architectures": ["BertCRF"]}, "no CRF.*train --base"),
        ({"model_type": "bert", "architectures": ["BertLSTMCRF"]}, "no CRF.*train --base"),
        ({"model_type": "span-marker", "architectures": ["SpanMarkerModel"]}, "markers.*JSON Lines"),
        ({"model_type": "bert", "architectures": ["BertForSequenceClassification"]}, "not a token classifier"),
    ],
)
def test_other_kinds_of_models_are_refused_by_name(tmp_path: Path, config: dict[str, object], told: str) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match=told) as caught:
        load(str(tmp_path))
    assert "\n" not in str(caught.value)


class Model:
    """A model of which only the tags matter."""

    def __init__(self, *tags: str) -> None:
        self.info = ModelInfo("m", "0", "fp32", tags, "none", ("m: is slow",))


@pytest.mark.parametrize(
    ("tags", "mapped", "told"),
    [
        (("O", "B-PER"), "", None),
        (("B-O", "B-PER"), "", None),
        (("NEG", "B-PER", "I-PER"), "", "if NEG stands for that, drop it, as with --map NEG=$"),
        (("NEG", "B-PER", "I-PER"), "NEG=", None),
        (("B-PER", "B-LOC"), "", "if one of PER, LOC stands for that, drop it, as with --map PER=$"),
        (("O", "B-PER"), "PER=", None),
        (("O", "B-PER", "B-LOC"), "X=,PER=P,Y=Z", "^--map names X, Y, which m has not: its labels are PER, LOC$"),
    ],
)
def test_what_a_map_lacks_or_names_in_vain_is_told(tags: tuple[str, ...], mapped: str, told: str | None) -> None:
    model: Any = Model(*tags)
    first, *more = remarks(model, LabelMap.parse(mapped))
    assert first == "m: is slow"
    assert len(more) == (told is not None)
    assert told is None or re.search(told, more[0])


torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
load_file = pytest.importorskip("safetensors.torch").load_file

SIZES: dict[str, dict[str, Any]] = {
    "convbert": {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4, "intermediate_size": 64},
    "fnet": {"hidden_size": 32, "num_hidden_layers": 1, "intermediate_size": 64},
    "funnel": {"block_sizes": [1, 1], "d_model": 32, "n_head": 4, "d_head": 8, "d_inner": 64},
    "mobilebert": {"num_hidden_layers": 1, "intra_bottleneck_size": 32, "embedding_size": 32, "intermediate_size": 64},
    "electra": {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4, "embedding_size": 32},
}


@pytest.fixture
def family(tiny_checkpoint: Path, tmp_path: Path) -> Callable[[str], str]:
    """Make a checkpoint of a family with the vocabulary of the tiny one."""

    def make(kind: str) -> str:
        folder = tmp_path / kind
        shutil.copytree(tiny_checkpoint, folder)
        shared = json.loads((folder / "config.json").read_text())
        torch.manual_seed(2)
        config = transformers.CONFIG_MAPPING[kind](
            vocab_size=shared["vocab_size"],
            initializer_range=0.5,
            max_position_embeddings=64,
            id2label=dict(enumerate(shared["id2label"].values())),
            **SIZES[kind],
        )
        model = transformers.AutoModelForTokenClassification.from_config(config)
        model.save_pretrained(folder)
        return str(folder)

    return make


@pytest.mark.parametrize("kind", SIZES)
def test_what_a_model_says_does_not_depend_on_what_shares_its_batch(
    kind: str, family: Callable[[str], str], sentences: Make
) -> None:
    predictor = load(family(kind))
    short, long = "New York City. ", "The Manhattan Bridge is in the City of New York and based in a company."
    (alone,) = predictor.predict(sentences(short), "sentence")
    beside, _ = predictor.predict(sentences(short, long), "sentence")
    assert np.allclose(alone.probabilities, beside.probabilities, atol=1e-5)
    predictor.close()


def test_numbers_that_differ_are_found_before_the_weights_are_read(
    tiny_checkpoint: Path, altered: Altered, configured: Configured
) -> None:
    names = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-MISC"]
    folder = altered(tiny_checkpoint, configured(id2label={str(at): tag for at, tag in enumerate(names, 1)}))
    with pytest.raises(ModelError, match=r"names 8 tags, numbered 1 to 8, the classifier has 9 outputs"):
        load(folder)
    assert load(folder, model_tags=["O", *names]).info.tags == ("O", *names)


def test_of_pickled_weights_numbers_that_differ_are_told_when_they_are_read(
    tiny_checkpoint: Path, altered: Altered, configured: Configured
) -> None:
    def change(folder: Path) -> None:
        configured(id2label={"0": "O", "1": "B-PER"})(folder)
        torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()

    folder = altered(tiny_checkpoint, change)
    with pytest.raises(ModelError, match=r"names for 2 tags, the classifier has 9 outputs: .*--model-tags"):
        load(folder, allow_pickle=True)
    tags = [f"B-{at}" for at in range(9)]
    assert load(folder, allow_pickle=True, model_tags=tags).info.tags == tuple(tags)


@pytest.mark.parametrize(("space", "read_as", "option"), [(True, "words", "text"), (False, "text", "words")])
def test_how_a_byte_level_model_is_read_is_told_and_an_option_decides_otherwise(
    byte_level: ByteLevel, tmp_path: Path, sentences: Make, space: bool, read_as: str, option: Literal["words", "text"]
) -> None:
    folder = str(byte_level(tmp_path, space=space))
    guessed, decided = load(folder), load(folder, trained_on=option)
    assert [f"--trained-on {option}" in remark for remark in guessed.info.remarks] == [True]
    assert decided.info.remarks == ()
    assert ("split words" in guessed.info.window_rule) == (read_as == "words")
    assert guessed.info.window_rule != decided.info.window_rule
    some, others = (
        [each.probabilities for each in it.predict(sentences("Ada's."), "document")] for it in (guessed, decided)
    )
    assert not np.allclose(some[0], others[0], atol=1e-6)
    (tmp_path / "config.json").write_text(
        json.dumps(json.loads((tmp_path / "config.json").read_text()) | {"trained_on": option})
    )
    assert load(folder).info.window_rule == decided.info.window_rule
    assert load(folder).info.remarks == ()


def test_a_crf_that_is_not_read_is_told_of(tiny_checkpoint: Path, altered: Altered, configured: Configured) -> None:
    folder = altered(tiny_checkpoint, configured(architectures=["BertCrfForTokenClassification"]))
    assert ["CRF" in remark for remark in load(folder).info.remarks] == [True]
    assert load(str(tiny_checkpoint)).info.remarks == ()
