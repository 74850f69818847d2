"""A sitting at a text in which drugs can be learnt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from session.learning.sittings import Sitting

from ner_tui.session import prediction_pass


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once whether there is something to do."""
    monkeypatch.setattr(prediction_pass, "NAP", 0.005)


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    made = Sitting(tmp_path)
    made.run()
    yield made
    made.session.close()
