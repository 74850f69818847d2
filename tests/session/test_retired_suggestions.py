"""Whatever is done in whatever order, no suggestion that waits for an answer overlaps what a person decided."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from thoroughness import examples

from benchmarks.state_machine_verbs import VERBS
from ner_tui.domain.annotation.suggestions import PredictionRun, Suggestion, SuggestionState
from ner_tui.domain.annotation.verbs import NeedsJoin
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.store.project import Project

TEXT = "Hugging Face Inc. hired Ada Okonkwo in New York City. She left Bath for Kestrel Labs.\n"
FILES = {
    "a.txt": TEXT,
    "b.conll": (
        "Hugging B-ORG\nFace I-ORG\nInc. I-ORG\nhired O\nAda B-PER\nOkonkwo I-PER\n. O\n\nShe O\nleft O\nBath B-LOC\n"
    ),
}
LABELS = ("PER", "ORG", "LOC")
WAITING = (SuggestionState.OPEN, SuggestionState.DOUBTFUL, SuggestionState.BELOW_THRESHOLD)
_OVER = "o.document = s.document AND o.start < s.end AND s.start < o.end"


def overlapped(project: Path) -> list[tuple[object, ...]]:
    """What waits for an answer though a decision or a rejection overlaps it, or is in conflict with a person."""
    rows: list[tuple[object, ...]] = []
    fields = "SELECT s.start, s.end, s.label, s.state, o.start, o.end, o.label FROM suggestion s JOIN"
    waiting = f"s.state IN ({', '.join(str(int(each)) for each in WAITING)})"
    conflict = f"s.state = {int(SuggestionState.CONFLICT)}"
    database = sqlite3.connect(project)
    rows += database.execute(f"{fields} decision o ON {_OVER} WHERE {waiting}")
    rows += database.execute(f"{fields} rejection o ON {_OVER} WHERE {waiting} OR {conflict}")
    rows += database.execute(f"{fields} decision o ON {_OVER} WHERE {conflict} AND o.source = 'person'")
    database.close()
    return rows


class Reviewing(RuleBasedStateMachine):
    """A person who decides, and two sources that predict meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._temporary = TemporaryDirectory()
        self.path = Path(self._temporary.name) / "p.ner"
        self.before: list[object] = []
        """What undo leads back to, the last first; None where something was predicted since."""

    @initialize(name=st.sampled_from(sorted(FILES)))
    def open(self, name: str) -> None:
        file = Path(self._temporary.name) / name
        file.write_text(FILES[name])
        options = SessionOptions(project=str(self.path), annotator="ada")
        self.session: Session = open_session([str(file)], options)

    @rule(verb=st.sampled_from(sorted(VERBS)), at=st.integers(0, 90), label=st.sampled_from(LABELS))
    def decide(self, verb: str, at: int, label: str) -> None:
        state, entries = self.state(), self.session._project.journal.last()
        with suppress(EditRefused, NeedsJoin):
            VERBS[verb](self.session, at % (self.session.document.length - 1), label)
        if self.session._project.journal.last() > entries:
            self.before.append(state)

    @rule(
        source=st.sampled_from(["model", "terms"]),
        places=st.lists(
            st.tuples(
                st.integers(0, 20), st.integers(1, 4), st.sampled_from(LABELS), st.sampled_from([0.2, 0.6, 0.99])
            ),
            max_size=6,
        ),
    )
    def predict(self, source: str, places: list[tuple[int, int, str, float]]) -> None:
        """Have a source say something else of the text, of which some overlaps."""
        project = Project.open(self.path)
        run = project.predictions.begin(PredictionRun(source, source, "1", ""), time=0)
        block = project.predictions.block_at(self.session.document.id, 0)
        assert block is not None
        said = []
        for sentence in project.content.sentences(self.session.document.id):
            tokens = sentence.tokens
            for first, count, label, score in places:
                if first + count <= len(tokens):
                    span = Span(tokens[first].start, tokens[first + count - 1].end, label)
                    said.append(Suggestion(span, score, score - 0.1, (), run))
        project.predictions.save(block, self.session.document.revision, run, said)
        project.close()
        self.before = [None] * len(self.before)

    @rule()
    def undo(self) -> None:
        done = self.session.corrections.undo()
        assert (done is not None) is bool(self.before)
        if self.before and (before := self.before.pop()) is not None:
            assert self.state() == before, "undo does not bring back exactly what was"

    @rule()
    def undo_and_redo(self) -> None:
        state = self.state()
        if self.session.corrections.undo() is not None:
            self.session.corrections.redo()
            if self.before[-1] is not None:
                assert self.state() == state, "redo does not lead back"

    @invariant()
    def nothing_that_waits_overlaps_a_decision_or_a_rejection(self) -> None:
        assert overlapped(self.path) == [] if self.path.exists() else True

    @invariant()
    def each_stored_state_is_what_follows_from_the_decisions(self) -> None:
        if not self.path.exists():
            return
        document = self.session.document
        context = self.session._project.items.neighbourhood(document.id, 0, document.length)
        for suggestion, state in self.session._project.items.suggestions(document.id, 0, document.length):
            assert context.suggestion_state(suggestion) is state

    def state(self) -> list[object]:
        """All that is known, as rows, with the counts that triggers keep."""
        database = sqlite3.connect(self.path)
        tables = ("sentence", "sentence_state", "decision", "rejection", "suggestion", "covered_suggestion", "note")
        rows: list[object] = [
            database.execute(f"SELECT * FROM {each} ORDER BY 1, 2, 3, 4").fetchall() for each in tables
        ]
        rows.append(database.execute("SELECT * FROM tally WHERE number <> 0 ORDER BY 1, 2, 3").fetchall())
        database.close()
        return rows

    def teardown(self) -> None:
        with suppress(AttributeError):
            self.session.close()
        self._temporary.cleanup()


TestReviewing = Reviewing.TestCase
TestReviewing.settings = settings(
    max_examples=examples(12), stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_correcting_the_edges_of_a_suggestion_leaves_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    session = open_session([str(tmp_path / "a.txt")], SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada"))
    project = Project.open(tmp_path / "p.ner")
    run = project.predictions.begin(PredictionRun("model", "m", "1", ""), time=0)
    block = project.predictions.next_block((run,), 1, 0)
    assert block is not None
    project.predictions.save(block, 0, run, [Suggestion(Span(0, 17, "ORG"), 0.8, 0.7, (), run)])
    project.close()
    session.corrections.label(0, 12, "ORG", cursor=0)
    marks = session.document.spans(0, len(TEXT))
    assert [(m.span, m.kind) for m in marks] == [(Span(0, 12, "ORG"), "decided")]
    session.corrections.confirm(0)
    assert [m.span for m in session.document.spans(0, len(TEXT))] == [Span(0, 12, "ORG")]
    session.corrections.undo()
    session.corrections.undo()
    marks = session.document.spans(0, len(TEXT))
    assert [(m.span, m.kind) for m in marks] == [(Span(0, 17, "ORG"), "suggested")]
    session.close()
