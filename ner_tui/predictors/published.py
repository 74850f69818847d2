"""Published models of other kinds, recognised by name, and what to do with each.

Most of what is called a NER model and is no classifier of sub-tokens would fail in a library, far from the cause, or
load and say nonsense.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from ner_tui.errors import ModelError

SEES_PADDING = frozenset({"convbert", "fnet", "funnel", "mobilebert", "nystromformer", "yoso"})
"""Values of ``model_type`` whose layers mix in padding whatever the mask says: each window is read by itself."""

_CHARACTERS = frozenset({"canine", "character_bert", "character-bert", "characterbert", "charformer", "perceiver"})
_CHARACTER_TOKENIZERS = frozenset({"ByT5Tokenizer", "CanineTokenizer", "CharacterBertTokenizer", "PerceiverTokenizer"})
_LAYOUTS = frozenset(
    {"bros", "layoutlm", "layoutlmv2", "layoutlmv3", "layoutxlm", "lilt", "markuplm", "pp_doclayout_v2", "udop"}
)
_OTHER_WEIGHTS = frozenset({"flax_model.msgpack", "model.ckpt.index", "tf_model.h5"})
_CLASSIFIER = "ForTokenClassification"
_SPACY_NAME = re.compile(r"[a-z]{2,3}_(core|dep|ent)_[a-z]+_(sm|md|lg|trf)")


def elsewhere(library: str, wrote: str) -> str:
    """Say how texts are tagged with another library and opened here."""
    return f"tag the texts with {library}, {wrote}, and give that file to `ner-tui review`"


_NEXT = {
    "spaCy": elsewhere("spaCy", "save the documents as a DocBin (.spacy)"),
    "flair": elsewhere("flair", "write the words and their tags in two columns (CoNLL)"),
}


def foreign_folder(name: str, folder: Path) -> ModelError | None:
    """Return the refusal of a folder that another library reads; None if it is none that is known."""
    try:
        return foreign_files(name, [path.name for path in folder.iterdir()])
    except OSError:
        return None


def foreign_files(name: str, files: Collection[str]) -> ModelError | None:
    """Return the refusal of a model that another library reads, told by the names of its files; None if unknown."""
    if "gliner_config.json" in files:
        return ModelError(no_classifier(name))
    if "config.json" in files:
        return None
    if "adapter_config.json" in files:
        return ModelError(
            f"{name}: an adapter (adapter_config.json), which belongs to another checkpoint: merge the two and save "
            "them as one"
        )
    if "meta.json" in files and {"config.cfg", "__init__.py"}.intersection(files):
        return ModelError(f"{name}: a spaCy pipeline, which this program does not run: {_NEXT['spaCy']}")
    if any(file.endswith(".pt") for file in files) or "pytorch_model.bin" in files:
        return ModelError(
            f"{name}: pickled weights without a config.json, as flair writes them: {_NEXT['flair']}; "
            "if it is another library's, copy the config.json and the tokenizer's files there"
        )
    return None


def no_classifier(name: str) -> str:
    """Say that a GLiNER is no token classifier, where one is needed."""
    return (
        f"{name}: a GLiNER model, which finds labels that it is asked for and has no tags: it is used as it is, by "
        "`ner-tui review` and `predict`, with --model and --labels"
    )


def without_settings(name: str) -> str:
    """Say that a GLiNER lacks the file that says how it is fed."""
    return f"{name}: a GLiNER model without its gliner_config.json: copy that file from the model it was made from"


def other_gliner(name: str, kind: str) -> ModelError:
    """Return the refusal of a kind of GLiNER that is not run."""
    package = "gliner2" if kind == "GLiNER2" else "gliner"
    return ModelError(
        f"{name}: a {kind} model, which this program does not run: take one that reads labels and text together, or "
        f"{elsewhere(package, 'write texts and spans as JSON Lines')}"
    )


def foreign_graph(name: str, inputs: Collection[str], outputs: Collection[str]) -> ModelError | None:
    """Return the refusal of an ONNX graph that is a GLiNER of a kind that is not run; None for any other."""
    if any(each.startswith("labels_") for each in inputs):
        return other_gliner(name, "bi-encoder GLiNER")
    if any(each.startswith("rel_") for each in outputs):
        return other_gliner(name, "relation GLiNER")
    if "span_logits" in outputs or any("schema" in each for each in inputs):
        return other_gliner(name, "GLiNER2")
    return None


def without_labels(name: str) -> str:
    """Say that a GLiNER needs labels."""
    return f"{name}: a GLiNER model finds what it is asked for: name the labels, as with --labels drug,disease"


def foreign_weights(files: Collection[str]) -> str:
    """Return what to do with weights of other frameworks than torch; empty if there are none."""
    other = next((file for file in sorted(files) if file in _OTHER_WEIGHTS), None)
    if other is None:
        return ""
    return (
        f"its weights are another framework's ({other}): load it with transformers 4 and from_tf=True or "
        "from_flax=True, and save it as safetensors"
    )


def foreign_file(name: str) -> str:
    """Return whose a file is that was given for a folder, and what to do; empty if unknown."""
    return f"a model of flair or another library: {_NEXT['flair']}" if name.endswith((".pt", ".pth")) else ""


def foreign_name(name: str) -> str:
    """Return whose a name is that is on no hub, and what to do; empty if unknown."""
    return f"a spaCy pipeline: {_NEXT['spaCy']}" if _SPACY_NAME.fullmatch(name) else ""


def refuse_families(name: str, config: Mapping[str, object]) -> None:
    """Refuse a model, with or without a head, of a family that does not read sub-tokens of a text.

    Args:
        config: its ``config.json``.

    Raises:
        ModelError: its type says so.
    """
    kind = str(config.get("model_type")).lower()[:60]
    if kind == "gliner":
        raise ModelError(without_settings(name))
    if kind == "extractor":
        raise other_gliner(name, "GLiNER2")
    if kind in _CHARACTERS or str(config.get("tokenizer_class")) in _CHARACTER_TOKENIZERS:
        raise ModelError(
            f"{name}: a model of single characters ({kind}), which has no sub-tokens to tag words by: "
            "use one of sub-tokens, such as BERT's kin"
        )
    if kind in _LAYOUTS:
        raise ModelError(
            f"{name}: a model of pages ({kind}), which reads where words stand on them, and a text does not tell: "
            "use one of text alone"
        )


def refuse_heads(name: str, config: Mapping[str, object]) -> None:
    """Refuse a model whose head is no classifier of sub-tokens.

    Args:
        config: its ``config.json``.

    Raises:
        ModelError: its architecture says so.
    """
    classes = _classes(config)
    if not classes or any(each.endswith(_CLASSIFIER) for each in classes):
        return
    shown = classes[0][:60]
    if "crf" in shown.lower():
        raise ModelError(
            f"{name}: this is a {shown}: transformers has no CRF, so its head cannot be read; "
            "`ner-tui train --base` makes a token classifier from its encoder"
        )
    if "spanmarker" in shown.lower():
        raise ModelError(
            f"{name}: this is a {shown}, which scores pairs of markers, not sub-tokens: "
            f"{elsewhere('span_marker', 'write texts and spans as JSON Lines')}"
        )
    raise ModelError(
        f"{name}: this is a {shown}, not a token classifier; `ner-tui train --base` can make one from an encoder"
    )


def crf_remark(config: Mapping[str, object], weights: Collection[str]) -> str:
    """Return what to know of a token classifier with a CRF behind it; empty if it has none.

    Args:
        config: its ``config.json``.
        weights: the names of its weights, as far as they are known.
    """
    named = any("crf" in each.lower() for each in _classes(config)) or config.get("use_crf") is True
    if not named and not any("crf." in each.lower() for each in weights):
        return ""
    return (
        "its CRF is not read: tags are those of the classifier below it, so hold it against a few sentences of yours "
        "with `ner-tui score` before you rely on it"
    )


def _classes(config: Mapping[str, object]) -> list[str]:
    given = config.get("architectures")
    return [item for item in given if isinstance(item, str)] if isinstance(given, list) else []
