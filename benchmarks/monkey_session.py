"""The session that the monkey sits at: texts, columns, a record, and a model that guesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ner_tui.domain.document import Sentence
from ner_tui.predictors.base import Context, ModelInfo, Piece, WordProbabilities
from ner_tui.session import Session, SessionOptions, open_session

TAGS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
TEXT = "Ada Okonkwo left New York City for Paris. She didn't\tcall Kestrel Labs.\n\nNobody saw 中文 or Łódź.\n" * 6
COLUMNS = "Nadia B-PER\nlives O\nin O\nParis B-ORG\n. O\n\nShe O\nsings O\n. O\n\n" * 6
RECORD = '{"text": "Ada met Bo in Rome.", "spans": [{"start": 0, "end": 3, "label": "PER"}], "id": "1"}\n'
GUIDELINES = "# Names\n\nEach *name* once.\n\n| a | b |\n|---|---|\n| c | d |\n\n" * 8


class Guessing:
    """A model that finds a label in every third word, never quite sure."""

    info = ModelInfo("guessing", "0" * 64, "fp32", TAGS, "none")

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        for sentence in block:
            found = np.full((len(sentence.words), len(TAGS)), 0.05, dtype=np.float32)
            for at in range(len(sentence.words)):
                found[at, 0 if at % 3 else 1 + at % (len(TAGS) - 1)] = 0.7
            yield WordProbabilities(found, np.zeros(len(sentence.words), dtype=bool))

    def wordpieces(self, text: str) -> Iterator[Piece]:
        return iter(())

    def close(self) -> None:
        pass


def session_in(folder: Path) -> Session:
    """Open a project in ``folder``, of new files if there are none."""
    files = {"a.txt": TEXT, "b.conll": COLUMNS, "c.jsonl": RECORD * 3, "g.md": GUIDELINES}
    for name, content in files.items():
        if not (folder / name).exists():
            (folder / name).write_text(content, encoding="utf-8")
    new = not (folder / "p.ner").exists()
    options = SessionOptions(
        project=str(folder / "p.ner"),
        annotator="monkey",
        guidelines=str(folder / "g.md") if new else None,
        load=lambda _: Guessing(),
    )
    return open_session([str(folder / name) for name in (*files,)[:-1]] if new else [], options)
