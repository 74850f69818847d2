"""What errors advise who calls a function: its arguments, and no option of a command."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

import ner_tui
from ner_tui.api.advice import READING, advised
from ner_tui.errors import FormatError

LATIN = "Zoë B-PER\nleft O\n".encode("latin-1")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("gold.conll").write_bytes(LATIN)
    Path("two.csv").write_text("id,first,second\n1,Ada left the old town,Bo stayed in the big city\n")
    Path("broken.conll").write_text("Ada B-PER\nleft\n")
    return tmp_path


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda: list(ner_tui.read("gold.conll")), 'name its encoding, such as encoding="latin-1"'),
        (lambda: list(ner_tui.read(BytesIO(LATIN))), 'or say encoding="auto"'),
        (lambda: list(ner_tui.read("two.csv")), 'text="first" or text="second"'),
        (lambda: list(ner_tui.read("broken.conll", "conll")), 'fmt="text"'),
        (lambda: ner_tui.score("gold.conll", "gold.conll"), "score takes the documents"),
        (lambda: ner_tui.open_project("p.ner", "gold.conll"), 'encoding="latin-1"'),
        (lambda: ner_tui.open_project("p.ner", "two.csv"), "ner_tui.write makes a file of it"),
        (lambda: ner_tui.load_model("fast", labels="gone.toml"), "gone.toml"),
    ],
)
def test_an_error_names_what_the_function_takes(call: Callable[[], object], advice: str) -> None:
    with pytest.raises(ner_tui.InputError) as caught:
        call()
    assert advice in str(caught.value)
    assert "--" not in str(caught.value)


def test_what_is_advised_is_what_helps() -> None:
    documents = list(ner_tui.read("gold.conll", encoding="latin-1"))
    assert ner_tui.score(documents, documents).micro.f1 == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("choose --sep tab", 'choose separator="tab"'),
        ("choose another --scheme", "choose another scheme"),
        ("give them with --names O,B-PER,… or --names FILE", 'give them with names=["O", "B-PER", ...] or names FILE'),
        ("say with --from what this one is", "say with fmt what this one is"),
        ("say --tags-as B_PER,O, or --tags-as B-PER,O", 'say tags_as="B_PER,O", or tags_as="B-PER,O"'),
        ("drop it, as with --map X=", 'drop it, as with label_map={"X": ""}'),
        ("pass --allow-pickle if you trust them", "pass allow_pickle=True if you trust them"),
        ("`ner-tui train --base` makes one", "`ner-tui train --base` makes one"),
        ("it holds -- and a--to b", "it holds -- and a--to b"),
    ],
)
def test_options_become_arguments(said: str, told: str) -> None:
    takes = {*READING, "separator", "scheme", "label_map", "allow_pickle"}
    with pytest.raises(FormatError) as caught, advised(takes):
        raise FormatError("a", 1, said)
    assert (caught.value.reason, str(caught.value)) == (told, f"a:1: {told}")
