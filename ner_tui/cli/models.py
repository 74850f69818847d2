"""``ner-tui models``: which models can be used here, and what each is; ``add`` makes a checkpoint's fast copy."""

from __future__ import annotations

from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path

from ner_tui.cli.printing import Printer, as_json, tell
from ner_tui.domain.label_map import tag_labels
from ner_tui.errors import InputError, ModelError
from ner_tui.predictors import BUNDLED, BUNDLED_MODELS, NO_MODEL, is_gliner, load_model, require_spec, torch_installed
from ner_tui.predictors.cache import FastCopy, copies, copies_folder, remove
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.published import no_classifier

ENOUGH = 0.995
"""Share of equal tags below which a copy is worth a second thought."""
_TORCH = 'pip install "ner-tui[transformer]"'


def run(arguments: Namespace) -> int:
    """Run the command."""
    return {"add": _add, "remove": _remove, "info": _info, None: _list}[arguments.action](arguments)


def _list(arguments: Namespace) -> int:
    torch = torch_installed()
    bundled = [_bundled(name, folder) for name, folder in BUNDLED_MODELS.items()]
    fast = [(copy, copy.is_of(copy.source)) for copy in copies()]
    if arguments.json:
        print(
            as_json(
                {
                    **{name: facts for name, facts, _ in bundled},
                    "fast_copies": [{**_facts(copy), "used": used} for copy, used in fast],
                    "cache": str(copies_folder()),
                    "torch": torch,
                }
            )
        )
        return 0
    printer = Printer()
    rows = [(name, "int8", size, what) for name, _, (size, what) in bundled]
    for copy, used in fast:
        what = f"fast copy, {100 * copy.equal_tags:.2f} % of tags as in fp32"
        what += "" if used else "; not used: the checkpoint has changed or is gone"
        rows.append((copy.spec, "int8", _size(copy.size), what))
    printer.table("ready", ("--model", "precision", "size", ""), rows)
    needs = "ready" if torch else f"needs PyTorch: {_TORCH}"
    others = [
        ("a folder with an ONNX model", "ready"),
        ("a folder with a GLiNER in ONNX", "ready; needs --labels, finds any"),
        ("a folder with safetensors", needs),
        ("a hub name", f"{needs}; the network, the first time"),
    ]
    printer.table("what else --model takes", ("", ""), others)
    return 0


def _bundled(name: str, folder: Path) -> tuple[str, dict[str, object], tuple[str, str]]:
    """Return a bundled model's name, its facts for programs, and its size and what it is in words."""
    size = sum(path.stat().st_size for path in folder.iterdir())
    labels = tag_labels(Checkpoint.read(folder, name).tags(None))
    use = "the default" if name == BUNDLED else "several times as fast"
    facts: dict[str, object] = {"precision": "int8", "labels": labels, "bytes": size}
    return name, facts, (_size(size), f"comes with the program, {use}; labels {', '.join(labels)}")


def _info(arguments: Namespace) -> int:
    from ner_tui.predictors.base import PromptedModel

    if arguments.spec == NO_MODEL:
        raise InputError(f"{NO_MODEL} stands for no model: there is nothing to say of it")
    require_spec(arguments.spec)
    model = load_model(arguments.spec, allow_pickle=arguments.allow_pickle)
    info, prompted = model.info, isinstance(model, PromptedModel)
    model.close()
    labels = tag_labels(info.tags)
    if arguments.json:
        facts = {"name": info.name, "precision": info.precision, "any_label": prompted, "labels": labels}
        read = {"tags": info.tags, "reads": info.window_rule, "sha256": info.file_hash, "remarks": info.remarks}
        print(as_json({**facts, **read}))
        return 0
    printer = Printer()
    rows = [
        ("precision", info.precision),
        ("labels", "those that are named with --labels" if prompted else ", ".join(labels)),
        ("reads", info.window_rule),
        ("SHA-256", info.file_hash),
    ]
    printer.table(info.name, ("", ""), rows)
    for remark in info.remarks:
        printer.line(remark)
    return 0


def _add(arguments: Namespace) -> int:
    from ner_tui.formats.files.utf8 import open_utf8

    require_spec(arguments.spec)
    if is_gliner(Path(arguments.spec).expanduser()):
        raise ModelError(no_classifier(arguments.spec))
    text = open_utf8(arguments.text).text if arguments.text is not None else None
    absent = [name for name in ("torch", "transformers", "onnx") if find_spec(name) is None]
    if absent:
        raise ModelError(f"making a fast copy needs {absent[0]}: {_TORCH}")
    from ner_tui.training.fastcopy import make_fast_copy

    copy = make_fast_copy(arguments.spec, text, tell, allow_pickle=arguments.allow_pickle)
    if copy.equal_tags < ENOUGH:
        tell(
            f"{copy.spec}: fewer than {100 * ENOUGH:.1f} % of the tags are those of fp32; try it on a text of yours "
            f"with --text, or take it away again with `ner-tui models remove`"
        )
    if arguments.json:
        print(as_json(_facts(copy)))
        return 0
    printer = Printer()
    printer.line(f"{copy.spec}: {100 * copy.equal_tags:.2f} % of {copy.words:,} words have the same tag as in fp32")
    printer.line(f"kept in {copy.folder} ({_size(copy.size)}), and used from now on while the checkpoint is the same")
    return 0


def _remove(arguments: Namespace) -> int:
    copy = remove(arguments.spec)
    if arguments.json:
        print(as_json(_facts(copy)))
    else:
        Printer().line(f"{copy.folder}: deleted; {copy.spec} is used as it is")
    return 0


def _facts(copy: FastCopy) -> dict[str, object]:
    return {
        "spec": copy.spec,
        "folder": str(copy.folder),
        "precision": "int8",
        "equal_tags": copy.equal_tags,
        "words": copy.words,
        "bytes": copy.size,
    }


def _size(number: int) -> str:
    return f"{number / 1e6:,.1f} MB"
