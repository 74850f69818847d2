"""Rows that wait: few in memory, many on the disk, all in their order."""

from __future__ import annotations

import pytest

from ner_tui.formats.tables import waiting_rows as module


@pytest.mark.parametrize("most", [1, 3, 1 << 20])
def test_rows_come_back_in_order_with_all_keys_that_occur(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(module, "_MOST", most)
    with module.waiting_rows() as rows:
        rows.add({"b": 1}, "text", ["a"])
        rows.add({}, "", [])
        rows.add({"a": None, "b": "x"}, "more", ["b", "c"])
        assert list(rows) == [
            ([1, None], ("text", ["a"])),
            ([None, None], ("", [])),
            (["x", None], ("more", ["b", "c"])),
        ]
        assert list(rows.columns(("a",))) == ["b", "meta.a"]
