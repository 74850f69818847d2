"""A folder whose files, names, labels, notes and model all hold text that wants to be obeyed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from hostile.payloads import LABELS, MARKUP, NAME, WORDS
from hostile.separate import LENGTH, Sitting
from ner_tui.domain.document import Sentence
from ner_tui.predictors.base import Context, ModelInfo, Piece, WordProbabilities
from ner_tui.session import SessionOptions, open_session

TAGS = ("O", *(f"B-{label}" for label in LABELS))


class HostileModel:
    """Suggests each label in turn, never quite sure, under a name that wants to be obeyed."""

    info = ModelInfo(WORDS["clipboard"], WORDS["colour"], "fp32", TAGS, WORDS["bidi"])

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        for sentence in block:
            found = np.full((len(sentence.words), len(TAGS)), 0.05, dtype=np.float32)
            for word in range(len(sentence.words)):
                found[word, word % len(TAGS)] = 0.6
            yield WordProbabilities(found, np.zeros(len(sentence.words), dtype=bool))

    def wordpieces(self, text: str) -> Iterator[Piece]:
        return iter([Piece(f"##{word}", TAGS[1], 0.5) for word in WORDS.values()])

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Scene:
    """Where everything is."""

    folder: Path
    conll: Path
    text: Path
    records: Path
    guidelines: Path
    project: Path


def conll() -> str:
    """Return a file in which every payload is a word, with every label, in legal tags and some that are not."""
    lines = []
    for number, word in enumerate(WORDS.values()):
        label = LABELS[number % len(LABELS)]
        lines.append(f"{word} {'B' if number % 5 else 'I'}-{label}\n")
        lines += ["plain O\n", "\n"] if number % 3 == 2 else ["plain O\n"]
    return "".join(lines)


def text() -> str:
    """Return a text with every payload in a line of its own, blanks and tabs among them."""
    return "".join(f"Here is\t{word} in Paris.\n" for word in WORDS.values())


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("hostile") / NAME
    folder.mkdir()
    scene = Scene(
        folder,
        folder / f"{NAME}.conll",
        folder / f"{NAME}.txt",
        folder / f"{NAME}.jsonl",
        folder / f"{NAME}.md",
        folder / f"{NAME}.ner",
    )
    scene.conll.write_text(conll(), encoding="utf-8", newline="")
    scene.text.write_text(text(), encoding="utf-8", newline="")
    words = WORDS["clipboard"]
    record = {"text": f"{words} x", "spans": [{"start": 0, "end": len(words), "label": LABELS[3]}], "id": NAME}
    scene.records.write_text(json.dumps(record) + "\n", encoding="utf-8")
    parts = (f"# {word}\n\n- {word}\n\n    {word}\n\n> {word}" for word in WORDS.values())
    table = f"| {MARKUP} | b |\n|---|---|\n| &#x202e;&rlm;&#27; | <http://x/%1B]52;c;%07%E2%80%AE> |\n"
    scene.guidelines.write_text("\n\n".join([*parts, table]), encoding="utf-8")
    options = SessionOptions(
        project=str(scene.project), annotator=NAME, guidelines=str(scene.guidelines), load=lambda _: HostileModel()
    )
    session = open_session([str(scene.text), str(scene.conll), str(scene.records)], options)
    try:
        for label, word in zip(LABELS, WORDS.values(), strict=False):
            session.label_editing.describe(label, word)
        for number, word in enumerate(WORDS.values()):
            token = session.document.tokens[number * 4]
            session.corrections.note(token.start, token.end, word, cursor=token.start)
        session.corrections.flag(0)
    finally:
        session.close()
    return scene


@pytest.fixture
def scene(made: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Return a copy of it to work in."""
    folder = tmp_path / NAME
    shutil.copytree(made.folder, folder)
    monkeypatch.chdir(folder)
    return Scene(
        folder, *(folder / path.name for path in (made.conll, made.text, made.records, made.guidelines, made.project))
    )


@pytest.fixture
def sittings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Sitting]]:
    """Begins sessions, in a folder with a text; what is left of them at the end is killed."""
    monkeypatch.chdir(tmp_path)
    lines = [f"word{at} O\n" + "\n" * (at % 20 == 19) for at in range(LENGTH)]
    Path("a.conll").write_text("".join(lines), encoding="utf-8")
    begun: list[Sitting] = []

    def begin(project: str = "p.ner", *files: str, **options: int) -> Sitting:
        begun.append(Sitting(project, *files, **options))
        return begun[-1]

    yield begin
    for each in begun:
        each.kill()
