"""What may be loaded when. A static contract cannot tell a lazy import from an eager one: a fresh interpreter can.

No clock is read here: how long a start takes is a benchmark's business, what it loads is a fact.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

MODELS = ("onnxruntime", "tokenizers", "torch", "transformers")
HEAVY = (*MODELS, "numpy", "rich", "sqlite3", "textual")


def loaded_by(statement: str, candidates: Iterable[str]) -> list[str]:
    """Return which of ``candidates`` a new interpreter has loaded after ``statement``."""
    report = f"import sys\nprint(*sorted(set({tuple(candidates)!r}) & set(sys.modules)), file=sys.stderr)"
    run = subprocess.run(
        [sys.executable, "-c", f"{statement}\n{report}"], capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode == 0, run.stderr
    return run.stderr.split()


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("import ner_tui", id="importing the package"),
        pytest.param("import ner_tui.cli", id="importing the command line"),
        pytest.param("from ner_tui.cli.parser import build_parser; build_parser()", id="building its parser"),
        pytest.param(
            "from ner_tui.cli.parser import build_parser\n"
            "try: build_parser().parse_args(['--help'])\n"
            "except SystemExit: pass",
            id="printing its help",
        ),
    ],
)
def test_the_command_line_loads_nothing_heavy(statement: str) -> None:
    assert loaded_by(statement, HEAVY) == []


def test_a_name_of_the_package_is_loaded_when_it_is_asked_for_and_no_model_with_it() -> None:
    assert loaded_by("import ner_tui", ("ner_tui.api", "ner_tui.errors", "ner_tui.domain")) == []
    names = "import ner_tui\nfor name in dir(ner_tui): getattr(ner_tui, name)"
    assert loaded_by(names, (*MODELS, "rich", "textual", "datasets", "spacy", "pyarrow")) == []


def test_the_app_loads_neither_a_model_library_nor_numpy() -> None:
    """The first paint comes before the model; a screen that drew only after torch had loaded would take seconds."""
    assert loaded_by("import ner_tui.app.app", (*MODELS, "numpy")) == []


@pytest.mark.parametrize("name", ["news.txt", "news.conll"])
def test_what_shows_the_beginning_of_a_file_loads_nothing_that_edits_or_stores_it(tmp_path: Path, name: str) -> None:
    """A table of classes takes milliseconds to make, of the few there are before the text is on the screen."""
    (tmp_path / name).write_text("Ada B-PER\nsaw O\n\nLisbon B-LOC\n\nAda B-PER\n")
    statement = (
        "from pathlib import Path\n"
        "from ner_tui.session.preview import preview\n"
        f"assert preview(Path({str(tmp_path / 'p.ner')!r}), [{str(tmp_path / name)!r}])"
    )
    later = [
        f"ner_tui.domain.{module}"
        for module in ("annotation.edits", "labels", "packing", "annotation.verbs", "segmentation.tokens")
    ]
    assert loaded_by(statement, (*HEAVY, *later, "ner_tui.store.tables.schema")) == []


_ANNOTATION = ("edits", "neighbourhood", "suggestions", "verbs")


def test_the_vocabulary_loads_nothing_heavy() -> None:
    statement = "\n".join(
        f"import ner_tui.domain.{module}"
        for module in ("document", "labels", "spans", *(f"annotation.{name}" for name in _ANNOTATION))
    )
    assert loaded_by(statement, HEAVY) == []
