"""Names in the places of others: labels stay true, and what is written stays as it is written."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from ner_tui.errors import InputError
from ner_tui.training.data import IGNORED, Corpus, Targets, TrainingSentence, epoch_windows, tag_names
from ner_tui.training.name_replacement import Names
from ner_tui.training.recipe import RecipeSource, TrainingOptions

TARGETS = Targets(tag_names(["MISC", "PER", "ORG", "LOC"]))
DOUBTFUL = TARGETS.row("O", ["PER"])


def sentence(text: str) -> TrainingSentence:
    """Words, each with its tag behind a bar; without one it is O."""
    pairs = [word.partition("|")[::2] for word in text.split()]
    return TrainingSentence(tuple(word for word, _ in pairs), tuple(TARGETS.row(tag or "O", None) for _, tag in pairs))


def shown(window: TrainingSentence) -> str:
    tags = (TARGETS.tags[row] if 0 <= row < len(TARGETS.tags) else "?" for row in window.targets)
    return " ".join(word if tag == "O" else f"{word}|{tag}" for word, tag in zip(window.words, tags, strict=True))


def names(*texts: str, listed: Path | None = None) -> Names:
    made = Names(TARGETS)
    made.meet(map(sentence, texts))
    if listed:
        made.read(listed)
    return made


def renamed(made: Names, text: str, seed: int = 0) -> str:
    return shown(made.replace(sentence(text), Random(seed)))


def test_a_name_gives_way_to_one_of_its_kind_and_the_words_around_stay() -> None:
    made = names("Oslo|B-LOC")
    assert renamed(made, "from Lima|B-LOC to Bonn|B-LOC .") == "from Oslo|B-LOC to Oslo|B-LOC ."
    assert renamed(made, "Acme|B-ORG of Lima|B-LOC") == "Acme|B-ORG of Oslo|B-LOC"


def test_names_of_lists_are_cut_into_words_as_text_is(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("ORG\tSmith & Sons, Inc.\n", encoding="utf-8")
    made = names(listed=path)
    assert renamed(made, "Acme|B-ORG said") == "Smith|B-ORG &|I-ORG Sons|I-ORG ,|I-ORG Inc.|I-ORG said"


def test_a_line_that_is_no_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("ORG\tAcme\nAcme\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"names\.tsv:2"):
        names(listed=path)
    with pytest.raises(InputError, match="cannot be read"):
        names(listed=tmp_path / "none.tsv")


def test_a_person_keeps_the_number_of_words_and_is_one_person_in_a_window() -> None:
    made = names("Mo|B-PER Farah|I-PER", "Ana|B-PER de|I-PER Sá|I-PER")
    found = renamed(made, "Bob|B-PER Lee|I-PER met Ann|B-PER . Lee|B-PER left . Bob|B-PER Lee|I-PER too")
    words = found.split()
    assert found.startswith("Mo|B-PER Farah|I-PER met ")
    assert words[words.index("left") - 1] == "Farah|B-PER"
    assert found.endswith("Mo|B-PER Farah|I-PER too")


def test_labels_without_a_list_keep_the_number_of_words() -> None:
    made = names("Dutch|B-MISC", "World|B-MISC Cup|I-MISC")
    for seed in range(10):
        assert renamed(made, "a German|B-MISC car", seed) == "a Dutch|B-MISC car"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lima|B-LOC", "oslo|B-LOC"),
        ("LONDON|B-LOC", "OSLO|B-LOC"),
        ("U.S.|B-LOC", "UAE|B-LOC"),
        ("@lima|B-LOC", "@lima|B-LOC"),
        ("Area|B-LOC 51|I-LOC", "Area|B-LOC 51|I-LOC"),
    ],
)
def test_it_is_written_as_what_was_there(old: str, new: str) -> None:
    assert renamed(names("Oslo|B-LOC", "UAE|B-LOC", "@here|B-LOC"), old) in (
        new,
        new.replace("oslo", "uae").replace("OSLO", "UAE"),
    )


def test_a_name_that_nothing_fits_stays() -> None:
    assert renamed(names("Oslo|B-LOC"), "U.S.|B-LOC and UN|B-ORG") == "U.S.|B-LOC and UN|B-ORG"


def test_doubtful_and_ignored_words_are_no_names() -> None:
    window = TrainingSentence(("Ada", "of", "Rome"), (IGNORED, DOUBTFUL, TARGETS.row("B-LOC", None)))
    found = names("Oslo|B-LOC", "Bo|B-PER").replace(window, Random(0))
    assert found == TrainingSentence(("Ada", "of", "Oslo"), (IGNORED, DOUBTFUL, TARGETS.row("B-LOC", None)))


def test_a_share_of_the_windows_is_renamed_and_sets_can_be_left_out() -> None:
    document = tuple(sentence("in Lima|B-LOC") for _ in range(400))
    made = names("Oslo|B-LOC")
    options = TrainingOptions(replace_names=0.5, recase=0, window_words=(0,))
    for rename, low, high in ((True, 150, 250), (False, 0, 0)):
        drawn = epoch_windows(
            [Corpus(RecipeSource(Path("x"), replace_names=rename), (document,))], options, Random(1), made.replace
        )
        assert low <= sum("Oslo" in window.words for window in drawn) <= high
