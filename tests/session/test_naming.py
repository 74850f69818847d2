"""What is named to begin a session: one project at the most, and nothing that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.errors import InputError, ModelError
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.naming import named, require_model
from ner_tui.session.prediction_pass import LONG, MEASURED, BlockResult


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Ada left.\n")
    Path("b.txt").write_text("Bob left.\n")
    open_session(["a.txt"], SessionOptions(project="p.ner")).close()
    return tmp_path


def test_a_project_is_known_among_texts_and_by_all_of_its_names() -> None:
    Path("link.txt").symlink_to("p.ner")
    assert named(["a.txt"]) == ("annotations.ner", ("a.txt",))
    assert named(["p.ner"]) == ("p.ner", ())
    assert named(["a.txt", "p.ner", "b.txt"]) == ("p.ner", ("a.txt", "b.txt"))
    assert named(["link.txt", "p.ner", "./p.ner"]).project == "link.txt"
    assert named(["p.ner"], "link.txt") == ("link.txt", ())
    assert named(["a.txt"], "new.ner") == ("new.ner", ("a.txt",))
    with pytest.raises(InputError, match=r"annotations\.ner here to go on with"):
        named([])
    Path("p.ner").rename("annotations.ner")
    assert named([]) == ("annotations.ner", ())


def test_two_projects_are_refused() -> None:
    open_session(["b.txt"], SessionOptions(project="q.ner")).close()
    for paths, project in ((["p.ner", "q.ner"], None), (["p.ner"], "q.ner")):
        with pytest.raises(InputError, match="one project is opened at a time, and 2 are named"):
            named(paths, project)


def test_what_is_not_there_is_refused_unless_the_project_holds_it() -> None:
    Path("a.txt").unlink()
    assert named(["a.txt"], "p.ner") == ("p.ner", ("a.txt",))
    with pytest.raises(InputError, match=r"^gone\.txt does not exist$"):
        named(["b.txt", "a.txt", "gone.txt"], "p.ner")
    with pytest.raises(InputError, match=r"^a\.txt does not exist$"):
        named(["a.txt"], "new.ner")
    with pytest.raises(InputError, match=r"^new\.ner does not exist: ner-tui review PATH\.\.\. --project new\.ner"):
        named(["new.ner"])
    with pytest.raises(InputError, match=r"^new\.ner does not exist: name what to review"):
        named([], "new.ner")


def test_a_text_is_no_project() -> None:
    with pytest.raises(InputError, match=r"b\.txt is not a project of ner-tui"):
        named(["a.txt"], "b.txt")
    Path("empty.ner").touch()
    assert named(["a.txt"], "empty.ner").project == "empty.ner"


def test_a_model_is_the_name_of_one_or_a_project() -> None:
    for spec in ("bundled", "none", "p.ner"):
        require_model(spec)
    for spec in ("a.txt", "./nowhere"):
        with pytest.raises(ModelError, match=spec):
            require_model(spec)


def test_somebody_is_asked_only_where_the_rest_is_known_to_take_long() -> None:
    def after(seconds: float, left: float) -> BlockResult:
        return BlockResult(1, 0, 9, 100, 100 + round(left * 50), 50.0, seconds)

    assert after(9.0, 2.0).seconds_left == 2.0
    assert after(9.0, 0.0).seconds_left == 0.0
    assert not after(MEASURED, LONG).takes_long
    assert after(MEASURED, LONG + 1).takes_long
    assert not after(MEASURED / 2, LONG + 1).takes_long
    assert BlockResult(1, 0, 9, 0, 10, 0.0, 0.0).seconds_left > LONG, "of no rate nothing is known"
