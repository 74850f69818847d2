"""Files of absurd shapes: each is read, or refused in one sentence, and takes no more time than its size."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import pytest
from patience import HANGS

from ner_tui.cli import main
from ner_tui.domain.labels import CODES, COLOUR_SLOTS, LabelSet
from ner_tui.formats import Source, infer_format
from ner_tui.formats.columns import column_layout as columns

Capture = pytest.CaptureFixture[str]
FILES = {
    "columns.conll": "a " + "x " * 100_000 + "O\n",
    "tabs.conll": "a" + "\tx" * 100_000 + "\tB-X\n",
    "labels.conll": "".join(f"w{number} B-L{number}\n" for number in range(20_000)),
    "label.conll": "a B-" + "L" * 1_000_000 + "\n",
    "starts.conll": "-DOCSTART- O\n" * 20_000,
    "spans.jsonl": '{"text": "' + "a " * 1_000 + '", "spans": ['
    + ", ".join(f'{{"start": 0, "end": {end}, "label": "L{end}"}}' for end in range(1, 1_500)) + "]}\n",
    "deep.jsonl": '{"text": "a", "spans": ' + "[" * 3_000 + "]" * 3_000 + "}\n",
    "number.jsonl": '{"text": "a", "spans": [{"start": ' + "9" * 5_000 + ', "end": 1, "label": "X"}]}\n',
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("command", ["convert {} --to jsonl -o out", "check {}", "score {} {}"])
def test_a_file_takes_no_longer_than_its_size(
    name: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(FILES[name], encoding="utf-8")
    begun = monotonic()
    assert main(command.format(name, name).split()) in (0, 1, 2)
    assert monotonic() - begun < HANGS
    assert "Traceback" not in capsys.readouterr().err


def test_nobody_looks_for_tags_among_the_words_of_an_endless_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked(rows: object, width: int, word: int, names: object = ()) -> list[int]:
        raise AssertionError("every word is taken for a column")

    monkeypatch.setattr(columns, "_tag_columns", looked)
    text = "It rained all day and they left . " * 10_000
    assert infer_format(Source("x.txt", "", text, "utf-8", False, "\n")).format == "text"


def test_tens_of_thousands_of_labels_share_the_keys_and_colours_there_are() -> None:
    begun = monotonic()
    labels = LabelSet.of(f"L{number}" for number in range(60_000))
    assert monotonic() - begun < HANGS
    assert [label.key for label in labels][: len(CODES) + 1] == [*CODES, ""]
    slots = [label.slot for label in labels]
    assert max(map(slots.count, range(1, COLOUR_SLOTS + 1))) - 60_000 // COLOUR_SLOTS <= 1
