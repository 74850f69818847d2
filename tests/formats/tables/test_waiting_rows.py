"""Rows that wait: few in memory, many on the disk, all in their order."""

from __future__ import annotations

import io

import pytest

from ner_tui.formats.tables import waiting_rows as module


@pytest.mark.parametrize("most", [1, 3, 1 << 20])
def test_rows_come_back_in_order_with_all_keys_that_occur(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(module, "_MOST", most)
    with module.waiting_rows() as rows:
        rows.add({"b": 1}, "text", ["a"])
        rows.add({}, "", [])
        rows.add({"a": None, "b": "x"}, "more", ["b", "c"])
        rows.add({"a": 2}, "", [])
        assert list(rows) == [
            ([1, None], ("text", ["a"])),
            ([None, None], ("", [])),
            (["x", None], ("more", ["b", "c"])),
            ([None, 2], ("", [])),
        ]
        assert module.column_names(rows.keys, ("a",)) == ["b", "meta.a"]


@pytest.mark.parametrize(("most", "at_once"), [(1, 1), (3, 2), (1 << 20, 2), (1 << 20, 5_000)])
def test_sentences_come_back_in_blocks_of_columns(monkeypatch: pytest.MonkeyPatch, most: int, at_once: int) -> None:
    monkeypatch.setattr(module, "_MOST", most)
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    given: list[tuple[dict[str, object], str, list[str], list[str]]] = [
        ({"b": 1}, "one", ["Ada", "left"], ["B-PER", "O"]),
        ({}, "one", ["."], ["O"]),
        ({"a": None}, "two", ["Paris", "is", "big"], ["B-LOC", "O", "O"]),
    ]
    with module.waiting_sentences() as rows:
        for row in given:
            rows.add(*row)
        blocks = list(rows)
        assert list(rows.keys) == ["b", "a"]
    assert max(len(block.documents) for block in blocks) == min(at_once, 3)
    found = [
        (dict(metadata), document, block.words[start:end], block.tags[start:end])
        for block in blocks
        for metadata, document, start, end in zip(
            block.metadata, block.documents, block.ends[:-1], block.ends[1:], strict=True
        )
    ]
    assert found == given


@pytest.mark.parametrize(("most", "are_put_away"), [(1, True), (1 << 20, False)])
def test_only_many_sentences_are_put_on_the_disk(
    monkeypatch: pytest.MonkeyPatch, most: int, are_put_away: bool
) -> None:
    monkeypatch.setattr(module, "_MOST", most)
    monkeypatch.setattr(module, "AT_ONCE", 1)
    file = io.BytesIO()
    rows = module.WaitingSentences(file)
    for word in ("Ada", "left"):
        rows.add({}, "one", [word], ["O"])
    assert (len(file.getvalue()) > 0) == are_put_away
