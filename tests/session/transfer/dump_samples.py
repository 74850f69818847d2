"""Lines of dumps, as objects."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from ner_tui.session.transfer.dumping import dump
from ner_tui.store.project import Project

Line = dict[str, Any]
TEXT = "Ada Lovelace left. Bo sat.\n"
PROJECT: Line = {"kind": "project", "version": 1}
SOURCE: Line = {
    "kind": "source",
    "path": "a.txt",
    "sha256": sha256(TEXT.encode()).hexdigest(),
    "encoding": "utf-8",
    "bom": False,
    "format": "text",
    "scheme": None,
}
DOCUMENT: Line = {"kind": "document", "name": "a.txt", "origin": "text", "source": 1}
ADA: Line = {
    "kind": "sentence",
    "line": 1,
    "text": "Ada Lovelace left. ",
    "tokens": [[0, 3], [4, 12], [13, 17], [17, 18]],
}
BO: Line = {"kind": "sentence", "line": 1, "text": "Bo sat.\n", "tokens": [[0, 2], [3, 6], [6, 7]]}
EVERYTHING: list[Line] = [
    PROJECT | {"tag_names": ["O", "B-PER"], "annotator": "Zoë", "readers": ["Zoë", "Łukasz"]},
    {"kind": "label", "name": "PER", "key": "p", "slot": 3, "description": "people"},
    {"kind": "label", "name": "LOC", "key": "", "slot": 1, "description": ""},
    {"kind": "alias", "said": "PERSON", "label": "PER"},
    {"kind": "pattern", "words": "Ada Lovelace", "label": "PER"},
    {"kind": "pattern", "words": "Bo", "label": "LOC"},
    SOURCE,
    SOURCE | {"path": "b.conll", "format": "conll", "scheme": "IOB2", "bom": True, "ignore_tags": True},
    SOURCE | {"path": "c.csv", "encoding": "cp1252", "format": "csv", "text": "body", "tags_as": ["PER", "O"]},
    DOCUMENT | {"sentences": 2, "metadata": {"id": 7}},
    ADA
    | {
        "spans": [[0, 12, "PER", "person"], [13, 17, "LOC", "person"], [17, 18, "LOC", "file"]],
        "swept": [[13, 17]],
        "rejected": [[0, 3, "LOC"], [0, 3, "PER"], [4, 22, "PER"]],
        "notes": [[0, 3, "who?"], [0, 19, "both"], [18, 25, "and on"]],
        "status": "confirmed",
        "flagged": True,
        "metadata": {"x": [1, None]},
    },
    BO
    | {
        "suggested": [
            {
                "start": 0,
                "end": 2,
                "label": "PER",
                "score": 0.5,
                "margin": -0.25,
                "model": "m",
                "alternatives": [{"start": 0, "end": 6, "label": None, "score": 0.25}],
            }
        ]
    },
    DOCUMENT | {"name": "b", "origin": "tokens", "source": 3, "sentences": 2},
    BO | {"status": "in progress"},
    {"kind": "sentence", "line": 2, "text": "", "tokens": [], "notes": [[0, 0, "empty"]]},
    DOCUMENT | {"name": "none", "sentences": 0},
]


def written(lines: Sequence[Line], name: str = "dump") -> str:
    Path(name).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return name


def said_of(project: Project) -> list[Line]:
    out = io.StringIO()
    dump(project, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]
