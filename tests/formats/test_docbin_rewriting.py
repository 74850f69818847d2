"""A DocBin that was opened comes back with other entities, and all else that it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ner_tui
from ner_tui.cli import main
from ner_tui.errors import FormatError
from ner_tui.formats import infer_format, open_source, read
from ner_tui.formats.rewriting import rewrite
from ner_tui.session import SessionOptions, open_session

tokens: Any = pytest.importorskip("spacy.tokens")
vocab: Any = pytest.importorskip("spacy.vocab")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    known = vocab.Vocab()
    words = ["Ada", "Lovelace", "left", "\n", "Rome", "."]
    first = tokens.Doc(
        known, words=words, tags=["NNP", "NNP", "VBD", "_SP", "NNP", "."], lemmas=[w.lower() for w in words]
    )
    first.ents = [
        tokens.Span(first, 0, 2, label="PER", kb_id="Q7259"),
        tokens.Span(first, 4, 5, label="LOC", kb_id="Q220"),
    ]
    first.spans["all"] = [tokens.Span(first, 0, 6, label="X")]
    first.cats = {"travel": 1.0}
    first.user_data["id"] = 7
    nothing = tokens.Doc(known, words=[])
    unknown = tokens.Doc(known, words=["Bob", "came"], tags=["NNP", "VBD"])
    tokens.DocBin(docs=[first, nothing, unknown], store_user_data=True).to_disk("a.spacy")
    return tmp_path


def docs(path: str) -> list[Any]:
    return list(tokens.DocBin(store_user_data=True).from_disk(path).get_docs(vocab.Vocab()))


def entities(doc: Any) -> list[tuple[str, str, str]]:
    return [(each.text, each.label_, each.kb_id_) for each in doc.ents]


def test_only_entities_differ() -> None:
    with ner_tui.open_project("p.ner", "a.spacy") as project:
        project.label(20, 24, "GPE")
        project.label(0, 3, "ORG", document="a.spacy#3")
    assert main(["export", "p.ner", "-o", "b.spacy"]) == 0
    first, nothing, second = docs("b.spacy")
    assert entities(first) == [("Ada Lovelace", "PER", "Q7259"), ("Rome", "GPE", "")]
    assert [token.tag_ for token in first] == ["NNP", "NNP", "VBD", "_SP", "NNP", "."]
    assert [token.lemma_ for token in first][:2] == ["ada", "lovelace"]
    assert (first.cats, first.user_data["id"]) == ({"travel": 1.0}, 7)
    assert [(each.text, each.label_) for each in first.spans["all"]] == [(first.text.strip(), "X")]
    assert (len(nothing), entities(second), second[0].tag_) == (0, [("Bob", "ORG", "")], "NNP")


def test_without_a_change_it_is_the_same_bytes() -> None:
    with ner_tui.open_project("p.ner", "a.spacy"):
        pass
    assert main(["export", "p.ner", "-o", "b.spacy"]) == 0
    assert main(["convert", "a.spacy", "--to", "spacy", "-o", "c.spacy"]) == 0
    assert Path("a.spacy").read_bytes() == Path("b.spacy").read_bytes() == Path("c.spacy").read_bytes()


def test_what_was_not_known_to_be_in_no_entity_is_where_a_person_has_confirmed_that() -> None:
    with ner_tui.open_project("p.ner", "a.spacy") as project:
        project.confirm(0, document="a.spacy#3")
    assert main(["export", "p.ner", "-o", "b.spacy"]) == 0
    before, after = docs("a.spacy")[2], docs("b.spacy")[2]
    assert [token.ent_iob_ for token in before] == ["", ""]
    assert [token.ent_iob_ for token in after] == ["O", "O"]


def test_decisions_are_saved_into_it() -> None:
    with ner_tui.open_project("p.ner", "a.spacy") as project:
        project.remove(20)
    session = open_session([], SessionOptions("p.ner"))
    assert session.writing.saving().run(lambda _: None, lambda: False)
    session.close()
    assert entities(docs("a.spacy")[0]) == [("Ada Lovelace", "PER", "Q7259")]


def test_other_documents_than_its_own_are_refused() -> None:
    source = open_source("a.spacy")
    inference = infer_format(source)
    tokens.DocBin(docs=docs("a.spacy")[:1]).to_disk("b.spacy")
    other = open_source("b.spacy")
    with pytest.raises(FormatError, match=r"a\.spacy:1: document 2 is another one: the file has changed"):
        list(rewrite(source, inference, read(other, inference=infer_format(other))))
    with pytest.raises(FormatError, match=r"b\.spacy:1: documents are missing here: the file has changed"):
        list(rewrite(other, inference, read(source, inference=inference)))


def test_a_file_without_columns_for_entities_gets_them() -> None:
    doc = tokens.Doc(vocab.Vocab(), words=["Ada", "left"], lemmas=["ada", "leave"])
    tokens.DocBin(attrs=["LEMMA"], docs=[doc]).to_disk("a.spacy")
    with ner_tui.open_project("p.ner", "a.spacy") as project:
        project.label(0, 3, "PER")
    assert main(["export", "p.ner", "-o", "b.spacy"]) == 0
    [after] = docs("b.spacy")
    assert (entities(after), after[1].lemma_) == ([("Ada", "PER", "")], "leave")


def test_tokens_of_which_nothing_is_known_stay_so_until_they_are_confirmed_and_those_that_may_not_be_named_too() -> (
    None
):
    doc = tokens.Doc(vocab.Vocab(), words=["Ada", "left", "Rome", "on", "Monday"])
    doc.set_ents([tokens.Span(doc, 0, 1, label="PER")], blocked=[doc[4:5]], default="missing")
    tokens.DocBin(docs=[doc]).to_disk("a.spacy")
    with ner_tui.open_project("p.ner", "a.spacy") as project:
        project.remove(0)
        project.label(9, 13, "LOC")
    assert main(["export", "p.ner", "-o", "b.spacy"]) == 0
    assert [token.ent_iob_ for token in docs("b.spacy")[0]] == ["O", "", "B", "", "B"]
    with ner_tui.open_project("p.ner") as project:
        project.confirm(0)
    assert main(["export", "p.ner", "-o", "c.spacy"]) == 0
    assert [token.ent_iob_ for token in docs("c.spacy")[0]] == ["O", "O", "B", "O", "B"]
    assert entities(docs("c.spacy")[0]) == [("Rome", "LOC", "")]
