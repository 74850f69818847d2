"""Possible errors of a project's labels: an audit of them, what it finds, and what a person says of that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.possible_errors import PossibleError
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.label_map import LabelMap, tag_labels
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.errors import InputError
from ner_tui.formats.tagged import tag_spans
from ner_tui.session.transfer.project_stream import annotated_sentences, require_read
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ner_tui.auditing.answers import Answerable
    from ner_tui.auditing.gold import Audit, Finding
    from ner_tui.learning.lessons import WordSpan
    from ner_tui.predictors.base import Predictor
    from ner_tui.session.blind_mode import BlindMode
    from ner_tui.session.open_document import OpenDocument
    from ner_tui.session.place import PredictionOptions

AT_LEAST = 0.05
"""Probability below which a possible error is not kept."""
FEWEST = 20
"""Answers from which on they say how the evidence is to be weighed."""
WEIGHTS = "audit weights"
"""The setting that holds how the last audit weighed its evidence, as a list of JSON: the bias comes last."""


class Stopped(Exception):
    """Nobody wants the audit any more."""


@dataclass(frozen=True, slots=True)
class _Placed(TaggedSentence):
    """A sentence of a project with its place there."""

    document: int = 0
    start: int = 0
    revision: int = 0


class ErrorAudit:
    """An audit of a project's labels, for a worker thread: it opens the project for itself, and changes none of them.

    What is judged are the documents of files with labels, or all if there is no such file.
    """

    def __init__(self, path: Path, options: PredictionOptions) -> None:
        self._path = path
        self._options = options

    def run(self, progress: Callable[[float], None], is_over: Callable[[], bool], at_least: float = AT_LEAST) -> Audit:
        """Look for errors, and keep them in the project in place of those that an earlier audit found.

        Args:
            progress: called with the share of the sentences that was looked at since the last call.
            is_over: whether nobody wants it any more.
            at_least: probability below which nothing is kept.

        Raises:
            Stopped: it ``is_over``; the project is as it was.
            InputError: nothing is annotated, or a file is not read to its end.
            ModelError: the model failed, or it cannot be used for these labels.
        """
        from ner_tui.auditing.gold import audit

        def advance(share: float) -> None:
            if is_over():
                raise Stopped
            progress(share)

        project = Project.open(self._path)
        try:
            predictor = self._predictor()
            try:
                # Edits go on meanwhile: all passes have to see the same.
                with project.snapshot():
                    require_read(project)
                    documents = project.possible_errors.audited_documents()
                    found = audit(
                        lambda: _sentences(project, documents),
                        predictor,
                        self._label_map(project, predictor),
                        self._options.context,
                        at_least,
                        progress=advance,
                    )
            finally:
                predictor.close()
            advance(0.0)
            with project.transaction():
                project.possible_errors.replace(_kept(project, found.findings))
                project.set_setting(WEIGHTS, json.dumps([*found.weights.of, found.weights.bias]))
        finally:
            project.close()
        return found

    def _predictor(self) -> Predictor:
        from ner_tui.predictors.base import PromptedModel

        if self._options.load is None:
            raise InputError("an audit needs a model that says what it would annotate: --model bundled")
        model = self._options.load()
        if isinstance(model, PromptedModel):
            model.close()
            raise InputError(f"{model.info.name} has no labels of its own: an audit needs a token-classification model")
        return model

    def _label_map(self, project: Project, predictor: Predictor) -> LabelMap:
        """Return what the model's labels are called in the project now."""
        aliases, asked = project.label_list.aliases, self._options.label_map
        called = ((label, asked.target(label)) for label in tag_labels(predictor.info.tags))
        return LabelMap(tuple((label, aliases.get(name, name) if name else "") for label, name in called))


def _sentences(project: Project, documents: Sequence[int]) -> Iterator[_Placed]:
    for identifier in documents:
        document = project.content.document(identifier)
        path = Path(project.content.source_of(identifier).path).name
        for each in annotated_sentences(project, identifier):
            yield _placed(path, identifier, document.revision, each)


def _placed(path: str, document: int, revision: int, item: AnnotatedSentence) -> _Placed:
    sentence = item.sentence
    words = sentence.words
    lines, confirmed = [sentence.line] * len(words), item.status == "confirmed"
    return _Placed(
        path, words, lines, (), tag_spans(item), confirmed, sentence.text, document, sentence.start, revision
    )


def _kept(project: Project, findings: Sequence[Finding]) -> Iterator[PossibleError]:
    """Yield the findings by their places, as far as these are still there."""
    revisions = {each.id: each.revision for each in project.content.documents()}
    for each in findings:
        where, about = each.sentence, each.about
        assert isinstance(where, _Placed)
        sentence = project.content.sentence_at(where.document, where.start)
        if sentence is None or revisions.get(where.document) != where.revision:
            continue
        tokens = sentence.tokens

        def spans(said: Sequence[WordSpan], tokens: Sequence[Token] = tokens) -> tuple[Span, ...]:
            return tuple(Span(tokens[first].start, tokens[end - 1].end, label) for first, end, label in said)

        yield PossibleError(
            where.document,
            tokens[about.first].start,
            tokens[about.end - 1].end,
            spans(about.given),
            spans(about.proposed),
            each.probability,
            each.reasons,
            each.evidence,
        )


class PossibleErrors:
    """What an audit found in the project of a session."""

    def __init__(
        self,
        project: Project,
        current: Callable[[], OpenDocument],
        blind_mode: BlindMode,
        options: Callable[[], PredictionOptions | None],
    ) -> None:
        self._project = project
        self._current = current
        self._blind_mode = blind_mode
        self._options = options

    @property
    def is_any_left(self) -> bool:
        """Whether one waits for an answer."""
        return self._project.possible_errors.is_any_left()

    def at(self, offset: int) -> PossibleError | None:
        """Return the one at a place of the open document that waits for an answer and is not hidden, or None."""
        document = self._current().id
        found = self._project.possible_errors.at(document, offset)
        return None if found is None or self._blind_mode.hides(document, offset) else found

    def audit(self) -> ErrorAudit | None:
        """Return an audit, for a worker thread; None where there is no model."""
        options = self._options()
        if options is None or options.load is None or self._project.read_only:
            return None
        return ErrorAudit(self._project.path, options)

    def weigh(self) -> int:
        """Order what is left by what a person's answers say of the evidence; return by how many, 0 if by none.

        The weights of the audit are where that begins, so few answers change little.
        """
        from ner_tui.auditing.answers import after_answers
        from ner_tui.auditing.weighing import EvidenceWeights

        stored = json.loads(self._project.setting(WEIGHTS) or "[]")
        answered = [
            (self._answerable(each), wrong)
            for each, wrong in (self._project.possible_errors.answered() if stored else ())
            # What another version of the program found is not weighed in the same way.
            if len(each.evidence) == len(stored) - 1
        ]
        if len(answered) < FEWEST or self._project.read_only:
            return 0
        every = [each for each in self._project.possible_errors.all() if len(each.evidence) == len(stored) - 1]
        chances = after_answers(
            EvidenceWeights(tuple(stored[:-1]), stored[-1]), answered, [self._answerable(each) for each in every]
        )
        with self._project.transaction():
            self._project.possible_errors.weigh(zip(every, chances, strict=True))
        return len(answered)

    def _answerable(self, each: PossibleError) -> Answerable:
        from ner_tui.auditing.answers import Answerable

        def words() -> str:
            sentence = self._project.content.sentence_at(each.document, each.start)
            return sentence.text[each.start - sentence.start : each.end - sentence.start] if sentence else ""

        return Answerable(each.evidence, each.change, words)
