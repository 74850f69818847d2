"""Models that the person has chosen, kept in a file of theirs: what a project says of that is not believed.

A project may come from a stranger, and a name may lead to another computer: that of a hub, a folder of a network, the
home of another user. So nothing is looked up to tell whether a model was chosen; its name is compared, and no more.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ner_tui.formats.files.atomic import put_text
from ner_tui.predictors import BUNDLED_MODELS, NO_MODEL

_NAME = "models.json"
_LARGEST = 1 << 20
"""Bytes of the file that are read."""


class _Chosen(NamedTuple):
    folders: frozenset[str] = frozenset()
    """Absolute paths."""
    hub: frozenset[str] = frozenset()
    """Names on a hub."""


def chosen_file() -> Path:
    """Return where it is kept: in the person's folder for the state of this program."""
    from platformdirs import user_state_path

    return user_state_path("ner-tui", appauthor=False) / _NAME


def is_chosen(spec: str | None) -> bool:
    """Whether a model comes along, or the person has chosen it: before they have, it is not to be looked for."""
    if not spec or spec in BUNDLED_MODELS or spec == NO_MODEL:
        return True
    chosen = _read()
    # A folder that is called like a model on a hub would be taken for it.
    return _place(spec) in chosen.folders or (spec in chosen.hub and not os.path.lexists(spec.partition("/")[0]))


def choose(spec: str) -> None:
    """Keep that the person has chosen a model; where nothing can be written, they are asked again."""
    if is_chosen(spec):
        return
    chosen = _read()
    with suppress(OSError, ValueError):
        # A project is a file.
        if os.path.exists(os.path.expanduser(spec)):  # noqa: PTH110, PTH111
            chosen = chosen._replace(folders=chosen.folders | {_place(spec)})
        else:
            chosen = chosen._replace(hub=chosen.hub | {spec})
        path = chosen_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        put_text(path, json.dumps({kind: sorted(names) for kind, names in chosen._asdict().items()}, indent=2) + "\n")


def _place(spec: str) -> str:
    """Return the path of the folder that a model would be in; that of another user's home stays as it is written."""
    if spec.startswith("~") and not spec.startswith(("~/", f"~{os.sep}")):
        return spec
    return os.path.abspath(os.path.expanduser(spec))  # noqa: PTH100, PTH111


def _read() -> _Chosen:
    try:
        with chosen_file().open("rb") as file:
            kept = json.loads(file.read(_LARGEST))
        return _Chosen(frozenset(map(str, kept["folders"])), frozenset(map(str, kept["hub"])))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return _Chosen()
