"""Projects made of dumps: all that a dump can say is in them, and what no dump can say is refused with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from session.transfer.dump_samples import ADA, BO, DOCUMENT, EVERYTHING, PROJECT, SOURCE, TEXT, Line, said_of, written

from ner_tui.domain.annotation.edits import Rejection
from ner_tui.domain.annotation.suggestions import SuggestionState
from ner_tui.domain.blocks import BLOCK_WORDS
from ner_tui.domain.spans import Span
from ner_tui.errors import FormatError, InputError
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.transfer.asked_for import AskedFor, asked_for
from ner_tui.session.transfer.loading import load, load_into
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.store.predictions import SentenceBlock
from ner_tui.store.project import Project


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Project]:
    """Load lines as a project."""
    monkeypatch.chdir(tmp_path)

    def made(*lines: Line) -> Project:
        load(written(lines), Path("new.ner"))
        project = Project.open(Path("new.ner"), read_only=True)
        request.addfinalizer(project.close)
        return project

    return made


def test_all_that_a_dump_can_say_is_in_the_project(loaded: Callable[..., Project]) -> None:
    assert said_of(loaded(*EVERYTHING)) == EVERYTHING


def test_sentences_are_counted(loaded: Callable[..., Project]) -> None:
    loaded(PROJECT)
    assert load(written(EVERYTHING), Path("more.ner")) == 4


def test_a_dump_is_put_into_a_project_that_is_there_with_the_paths_of_its_folder(
    loaded: Callable[..., Project], tmp_path: Path
) -> None:
    whole = said_of(loaded(*EVERYTHING))
    project = Project.scratch()
    assert load_into(project, written(EVERYTHING), tmp_path / "there") == 4
    assert [line for line in said_of(project) if line["kind"] != "source"] == [
        line for line in whole if line["kind"] != "source"
    ]
    assert [source.path for _, source in project.content.sources()] == [
        str(tmp_path / "there" / name) for name in ("a.txt", "b.conll", "c.csv")
    ]
    project.close()


def test_a_file_that_is_there_is_not_loaded_over_and_stays_as_it_is(loaded: Callable[..., Project]) -> None:
    loaded(PROJECT)
    Path("mine").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"^mine is there already: name a new project with --project$"):
        load(written(EVERYTHING), Path("mine"))
    assert Path("mine").read_bytes() == b"mine"


def test_the_text_of_a_file_that_is_still_the_same_comes_along_and_of_another_one_not(
    loaded: Callable[..., Project],
) -> None:
    Path("a.txt").write_text(TEXT)
    Path("b.txt").write_text(TEXT + "More.\n")
    project = loaded(PROJECT, SOURCE, SOURCE | {"path": "b.txt"}, SOURCE | {"path": "gone.txt"})
    assert [project.content.source_text(at) for at in (1, 2, 3)] == [TEXT, "", ""]


def test_only_sentences_with_words_are_drawn_to_be_audited(loaded: Callable[..., Project]) -> None:
    empty = BO | {"text": "\n" * len(ADA["text"]), "tokens": []}
    project = loaded(PROJECT, SOURCE, DOCUMENT, *[ADA, empty] * 300)
    drawn = [at for at in range(600) if project.audits.holds(1, at * len(ADA["text"]))]
    assert drawn
    assert all(at % 2 == 0 for at in drawn)


def test_a_long_document_is_cut_into_blocks_that_a_model_reads_one_by_one(loaded: Callable[..., Project]) -> None:
    size, most = len(ADA["text"]), BLOCK_WORDS // 4
    lines = [PROJECT, SOURCE, DOCUMENT | {"sentences": 2 * most + 1}, *[ADA] * (2 * most + 1)]
    project = loaded(*lines)
    starts = [at * size * most for at in range(3)]
    assert [project.predictions.block_at(1, at) for at in starts] == [
        SentenceBlock(1, starts[0], starts[1], 4 * most),
        SentenceBlock(1, starts[1], starts[2], 4 * most),
        SentenceBlock(1, starts[2], starts[2] + size, 4),
    ]
    assert said_of(project) == lines


@pytest.mark.parametrize("number", [2, BLOCK_WORDS // 2])
def test_a_suggestion_is_answered_by_what_was_decided_in_a_short_document_and_in_a_long_one(
    loaded: Callable[..., Project], number: int
) -> None:
    decided, settled, open_one = (
        {"start": start, "end": end, "label": "LOC", "score": 1, "margin": 1, "model": "m", "alternatives": []}
        for start, end in ((0, 3), (4, 12), (13, 17))
    )
    line = ADA | {
        "spans": [[0, 3, "PER", "person"]],
        "rejected": [[4, 12, "LOC"]],
        "suggested": [decided, settled, open_one],
    }
    project = loaded(PROJECT, SOURCE, DOCUMENT, *[line] * number)
    states = [state for _, state in project.items.suggestions(1, 0, number * len(ADA["text"]))]
    assert states == [SuggestionState.SETTLED, SuggestionState.ANSWERED, SuggestionState.OPEN] * number
    assert list(project.faults()) == []


def test_what_was_loaded_is_taken_as_it_is_though_no_journal_has_it(loaded: Callable[..., Project]) -> None:
    lines = [ADA | {"spans": [[0, 3, "PER", "person"]], "status": "confirmed"}, BO]
    for name in ("a.txt", "b.txt"):
        Path(name).write_text(TEXT)
    other = [SOURCE | {"path": "b.txt"}, DOCUMENT | {"name": "b.txt", "source": 2}]
    loaded(PROJECT, SOURCE, DOCUMENT, *lines, *other, *lines)
    told: list[str] = []
    assert list(check_project(Path("new.ner"), told)) == []
    (sentence,) = told
    assert sentence.startswith("a.txt, b.txt: taken as they are: loaded from a dump, which has no journal; ")


def test_how_files_were_read_is_known_again(loaded: Callable[..., Project]) -> None:
    project = loaded(*EVERYTHING)
    assert [asked_for(project, at) for at in (1, 2, 3)] == [
        AskedFor(), AskedFor(ignore_tags=True), AskedFor(text="body", tags_as=("PER", "O")),
    ]  # fmt: skip


def test_what_is_opened_beside_what_was_loaded_has_its_journal(loaded: Callable[..., Project]) -> None:
    loaded(PROJECT)
    Path("b.txt").write_text(TEXT)
    open_session(["b.txt"], SessionOptions(project="new.ner", annotator="t")).close()
    told: list[str] = []
    assert list(check_project(Path("new.ner"), told)) == []
    assert told == []


def test_what_was_rejected_may_reach_into_the_next_sentence(loaded: Callable[..., Project]) -> None:
    project = loaded(PROJECT, SOURCE, DOCUMENT, ADA | {"rejected": [[13, 21, "PER"]]}, BO)
    assert project.items.known(1, 0, 99, suggestions=False).rejections == [Rejection(Span(13, 21, "PER"))]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tokens": [[0, 19]]}, None),
        ({"tokens": [[0, 20]]}, "a token is not inside the text"),
        ({"tokens": [[-1, 3]]}, "a token is not inside the text"),
        ({"tokens": [[3, 3]]}, "a token is not inside the text"),
        ({"tokens": [[4, 3]]}, "a token is not inside the text"),
        ({"tokens": [[0, 3], [3, 4]]}, None),
        ({"tokens": [[0, 3], [2, 4]]}, "tokens have to ascend and not overlap"),
        ({"tokens": [[4, 5], [0, 3]]}, "tokens have to ascend and not overlap"),
        ({"spans": [[0, 3, "PER", "file"], [4, 12, "PER", "person"]]}, None),
        ({"spans": [[0, 17, "PER", "file"], [4, 12, "PER", "file"]]}, "the span [4, 12] does not stand on tokens"),
        ({"spans": [[4, 12, "PER", "file"], [0, 3, "PER", "file"]]}, "the span [0, 3] does not stand on tokens"),
        ({"spans": [[0, 5, "PER", "file"]]}, "the span [0, 5] does not stand on tokens of its own"),
        ({"spans": [[1, 3, "PER", "file"]]}, "the span [1, 3] does not stand on tokens of its own"),
        ({"spans": [[17, 17, "PER", "file"]]}, "the span [17, 17] does not stand on tokens of its own"),
        ({"spans": [[0, 3, "", "file"]]}, "the span [0, 3] does not stand on tokens of its own"),
        ({"spans": [[0, 3, "PER", "sweep"]]}, "a span is decided by file or person, not by 'sweep'"),
        ({"spans": [[0, 3, "PER", "file"]], "swept": [[0, 3]]}, "[0, 3] is swept, and no span that a person decided"),
        ({"spans": [[0, 3, "PER", "person"]], "swept": [[0, 4]]}, "[0, 4] is swept, and no span that a person"),
        ({"swept": [[4, 12], [0, 3]]}, "[0, 3] is swept, and no span that a person decided"),
        ({"rejected": [[0, 1, "PER"]]}, None),
        ({"rejected": [[18, 19, "PER"]]}, None),
        ({"rejected": [[19, 20, "PER"]]}, "[19, 20] is not inside the text, or rejected twice"),
        ({"rejected": [[-1, 3, "PER"]]}, "[-1, 3] is not inside the text, or rejected twice"),
        ({"rejected": [[3, 3, "PER"]]}, "[3, 3] is not inside the text, or rejected twice"),
        ({"rejected": [[0, 3, "PER"], [0, 3, "PER"]]}, "[0, 3] is not inside the text, or rejected twice"),
        ({"notes": [[18, 18, "here"]]}, None),
        ({"notes": [[19, 19, "here"]]}, "[19, 19] is no place for a note, or has two"),
        ({"notes": [[-1, 3, "here"]]}, "[-1, 3] is no place for a note, or has two"),
        ({"notes": [[3, 2, "here"]]}, "[3, 2] is no place for a note, or has two"),
        ({"notes": [[0, 3, "a"], [0, 3, "b"]]}, "[0, 3] is no place for a note, or has two"),
        ({"line": -1}, "'line' is -1 where a number from 0 is needed"),
        ({"status": "done"}, "'status' is \"done\" where one of"),
        ({"flagged": 1}, "'flagged' is 1 where true or false is needed"),
        ({"metadata": []}, "'metadata' is a list where an object is needed"),
    ],
)
def test_what_is_said_of_a_sentence_has_its_place_there(
    loaded: Callable[..., Project], fields: Line, said: str | None
) -> None:
    lines = [PROJECT, SOURCE, DOCUMENT | {"sentences": 2}, BO, ADA | fields]
    if said is None:
        assert said_of(loaded(*lines)) == lines
        return
    with pytest.raises(FormatError) as refused:
        loaded(*lines)
    assert (refused.value.line, refused.value.reason[: len(said)]) == (5, said)
    assert not list(Path.cwd().glob("new.ner*"))


LABEL: Line = EVERYTHING[1]
DOUBLED = "a.txt has 3 sentences, and 2 are said to follow: merge dumps with `ner-tui merge`, see docs/team.md"


@pytest.mark.parametrize(
    ("lines", "at", "said"),
    [
        ([LABEL, LABEL | {"key": "q"}], 3, "there are two labels PER"),
        ([LABEL | {"name": "\t"}], 2, "a label needs a name"),
        ([SOURCE, SOURCE], 3, "there are two sources {here}/a.txt"),
        ([SOURCE | {"path": "a\0.txt"}], 2, "'path' is no path that a file could have"),
        ([SOURCE | {"scheme": 7}], 2, "'scheme' has to be text or null"),
        ([SOURCE | {"tags_as": [7]}], 2, "an example of tags is 7 where a text is needed"),
        ([SOURCE | {"tags_as": ["O"]}], 2, "'tags_as' shows no spelling: give one tag of PER"),
        ([SOURCE, DOCUMENT | {"source": 0}], 3, "there is no source 0"),
        ([SOURCE, DOCUMENT | {"source": 2}], 3, "there is no source 2"),
        ([SOURCE, DOCUMENT | {"origin": "air"}], 3, "'origin' is \"air\" where one of"),
        ([SOURCE, DOCUMENT | {"metadata": 7}], 3, "'metadata' is 7 where an object is needed"),
        ([ADA], 2, "a sentence cannot stand here"),
        ([SOURCE, DOCUMENT, ADA, LABEL, BO], 6, "a sentence cannot stand here"),
        ([SOURCE, DOCUMENT, ADA, PROJECT], 5, "a second project begins here: these are two dumps, one behind"),
        ([SOURCE, DOCUMENT | {"sentences": 2}, ADA, DOCUMENT], 3, "a.txt has 1 sentences, and 2 are said to follow"),
        ([SOURCE, DOCUMENT | {"sentences": 2}, ADA], 3, "a.txt has 1 sentences, and 2 are said to follow"),
        ([SOURCE, DOCUMENT | {"sentences": 2}, ADA, BO, ADA], 6, f"this sentence stands in line 4, too; {DOUBLED}"),
        ([SOURCE, DOCUMENT | {"sentences": 2}, ADA, BO, ADA | {"line": 2}], 3, DOUBLED),
    ],
)
def test_lines_that_do_not_belong_together_are_refused_where_that_shows(
    loaded: Callable[..., Project], lines: list[Line], at: int, said: str
) -> None:
    with pytest.raises(FormatError) as refused:
        loaded(PROJECT, *lines)
    told = said.format(here=Path.cwd())
    assert (refused.value.line, refused.value.reason[: len(told)]) == (at, told)
    assert not list(Path.cwd().glob("new.ner*"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tag_names": [7]}, "a name of a tag is 7 where a text is needed"),
        ({"annotator": 7}, "'annotator' is 7 where a text is needed"),
        ({"readers": [7]}, "a name of a reader is 7 where a text is needed"),
    ],
)
def test_what_a_project_says_of_itself_is_text(loaded: Callable[..., Project], fields: Line, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        loaded(PROJECT | fields)
