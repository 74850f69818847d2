"""Label sets as they are asked for: by names, or by a TOML file with keys, colours and descriptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.config.labels import label_set
from ner_tui.domain.labels import Label
from ner_tui.errors import FormatError, InputError
from ner_tui.session import SessionOptions, open_session


def read(folder: Path, text: str) -> list[Label]:
    path = folder / "labels.toml"
    path.write_text(text, encoding="utf-8")
    return list(label_set(str(path)))


def test_names_with_commas_between_them_are_labels_in_that_order() -> None:
    assert list(label_set("PER, ORG")) == [Label("PER", "1", 1), Label("ORG", "2", 2)]


def test_a_file_of_another_kind_is_no_label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("labels.txt").write_text("PER\nORG\n")
    with pytest.raises(InputError, match=r"--labels: labels.txt is a file, .*commas .* such as --labels PER,ORG"):
        label_set("labels.txt")
    Path("PER").touch()
    assert [label.name for label in label_set("PER")] == ["PER"]


def test_a_file_says_what_each_label_is_for_its_key_and_its_colour(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '[[label]]\nname = "PER"\ndescription = "people"\n\n'
        '[[label]]\nname = "GENE"\nkey = "0g"\ncolour = 1\n\n[[label]]\nname = "DRUG"\nkey = "1"\n',
    )
    assert found == [Label("PER", "2", 2, "people"), Label("GENE", "0g", 1), Label("DRUG", "1", 3)]


def test_hundreds_of_labels_keep_their_order(tmp_path: Path) -> None:
    found = read(tmp_path, "".join(f'[[label]]\nname = "KIND_{number}"\n' for number in range(300)))
    assert [label.name for label in found] == [f"KIND_{number}" for number in range(300)]
    assert [label.key for label in found][8:11] == ["9", "0a", "0b"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "a line [[label]] and one such as name"),
        ('label = ["PER"]\n', 1, "a line [[label]]"),
        ('[[labels]]\nname = "PER"\n', 1, "do you mean 'label'?"),
        ('[[label]]\nname = "PER"\n\n[[label]]\ncolour = 2\n', 4, "this label has no name"),
        ('[[label]]\nname = "PER"\n\n[[label]]\nname = "PER"\n', 5, "there is a label PER already"),
        ('[[label]]\nname = "New York"\n', 2, "no white space"),
        ('[[label]]\nname = "O"\n', 2, "it cannot be a label"),
        ('[[label]]\nname = "PER"\nkey = "10"\n', 3, "'10' is no key of a label"),
        ('[[label]]\nname = "PER"\nkey = 1\n', 3, "'key' is 1 where a text is needed"),
        ('[[label]]\nname = "A"\nkey = "1"\n[[label]]\nname = "B"\nkey = "1"\n', 6, "another label's already"),
        ('[[label]]\nname = "PER"\ncolour = 13\n', 3, "a number from 1 to 12"),
        ('[[label]]\nname = "PER"\ncolour = true\n', 3, "a number from 1 to 12"),
        ('[[label]]\nname = "PER"\ncolor = 1\n', 3, "do you mean 'colour'?"),
        ("".join(f'[[label]]\nname = "L{number}"\n' for number in range(2_001)), 4001, "more than 2,000 labels"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(FormatError) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path / 'labels.toml'}:{line}: ")
    assert words in str(refused.value)


@pytest.mark.parametrize("asked", ["", ",", "PER,New York", "O"])
def test_names_that_cannot_be_labels_are_refused(asked: str) -> None:
    with pytest.raises(InputError, match="--labels"):
        label_set(asked)


def test_a_project_takes_the_labels_of_the_file_and_keeps_what_was_described_in_the_app(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada met Bob.\n")
    labels = label_set("PER,ORG")

    def sit() -> tuple[Label, ...]:
        options = SessionOptions(project=str(tmp_path / "p.ner"), labels=labels, annotator="ada")
        session = open_session([str(tmp_path / "a.txt")], options)
        if not session.labels.labels[0].description:
            session.label_editing.describe("PER", "people")
            session.label_editing.add("HOUSE")
            session.corrections.label(0, 3, "HOUSE", cursor=0)
        found = session.labels.labels
        session.close()
        return found

    sit()
    assert [(label.name, label.description) for label in sit()] == [("PER", "people"), ("ORG", ""), ("HOUSE", "")]
