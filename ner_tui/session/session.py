"""A session: one person at one project. The only door from the screen to everything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from time import time
from typing import TYPE_CHECKING

from ner_tui.session import document_counts as counting
from ner_tui.session.blind_mode import BlindMode
from ner_tui.session.fact_cache import FactCache
from ner_tui.session.faint_mode import FaintMode
from ner_tui.session.learning_switch import LearningSwitch
from ner_tui.session.open_document import OpenDocument, last_open
from ner_tui.session.own_patterns import OwnPatterns, own_options
from ner_tui.session.place import Place, PredictionOptions
from ner_tui.store.project import WHOLE, Project

if TYPE_CHECKING:
    from ner_tui.domain.labels import LabelSet
    from ner_tui.session.adjudication import Adjudication
    from ner_tui.session.concordance import Concordance
    from ner_tui.session.corrections import Corrections
    from ner_tui.session.guidelines import Guidelines
    from ner_tui.session.inspection import Inspector
    from ner_tui.session.label_editing import LabelEditing
    from ner_tui.session.model_questions import ModelQuestion
    from ner_tui.session.next_places import NextPlaces
    from ner_tui.session.possible_errors import PossibleErrors
    from ner_tui.session.prediction import ModelReady, ProjectPrediction
    from ner_tui.session.queue import Queue
    from ner_tui.session.sample import Sample
    from ner_tui.session.search import Search
    from ner_tui.session.statistics import Statistics
    from ner_tui.session.transfer.indexing import FileIndexing
    from ner_tui.session.writing import Writing
    from ner_tui.store.file.locking import Lock


class Session:
    """Everything the screen can ask for and do."""

    def __init__(
        self, project: Project, *, annotator: str, options: PredictionOptions | None = None,
        notices: list[str] | None = None, clock: Callable[[], float] = time, sample: Sample | None = None,
    ) -> None:  # fmt: skip
        self._project, self.project_path = project, str(project.path)
        self.read_only = project.read_only
        """Whether nothing can be changed in this session."""
        self._facts = FactCache(project)
        self.blind_mode, self.faint_mode = BlindMode(project), FaintMode(project)
        self.accepts_doubtful = False
        """Whether to confirm a sentence accepts what is doubtful there, too; to be set before anything is corrected."""
        self.enough: int | None = None
        """With how many sentences that have errors the person can live, if they have said so."""
        self.sample = sample
        """The sentences that this session is about, if it is not about all."""
        self._options = options
        self.learning = LearningSwitch(project, can=bool(options and options.learn))
        self._lock: Lock | None = None
        self.notices: list[str] = list(notices or [])
        """What opening the project had to say, in order."""
        self.document = OpenDocument(project, last_open(project), self.blind_mode, self.faint_mode, self._facts)
        self.annotator, self._clock = annotator, clock
        self._began_after = project.journal.last()

    # What a session can do is imported when it is first done: none of it is needed to show the text.

    @cached_property
    def corrections(self) -> Corrections:
        """Correcting the open document."""
        from ner_tui.session.corrections import Corrections

        return Corrections(
            self._project, lambda: self.document, self._clock, self.annotator, self.blind_mode, self.faint_mode,
            accepts_doubtful=self.accepts_doubtful,
        )  # fmt: skip

    @cached_property
    def concordance(self) -> Concordance:
        """The same words elsewhere."""
        from ner_tui.session.concordance import Concordance

        return Concordance(self._project, self._clock, self.annotator)

    @cached_property
    def queue(self) -> Queue:
        """Places to look at."""
        from ner_tui.session.queue import Queue

        return Queue(self._project, self.blind_mode)

    @cached_property
    def adjudication(self) -> Adjudication:
        """What several readers say of the same places."""
        from ner_tui.session.adjudication import Adjudication

        return Adjudication(self._project, lambda: self.document)

    @cached_property
    def possible_errors(self) -> PossibleErrors:
        """Where labels may be wrong."""
        from ner_tui.session.possible_errors import PossibleErrors

        return PossibleErrors(self._project, lambda: self.document, self.blind_mode, lambda: self._options)

    @cached_property
    def next_places(self) -> NextPlaces:
        """Where to go on from a place."""
        from ner_tui.session.next_places import NextPlaces

        return NextPlaces(self._project, lambda: self.document.id, self.blind_mode, self.faint_mode, self.sample)

    @cached_property
    def search(self) -> Search:
        """Finding words, notes and flags."""
        from ner_tui.session.search import Search

        return Search(self._project, lambda: self.document)

    @cached_property
    def inspector(self) -> Inspector:
        """Everything that is known of a place."""
        from ner_tui.session.inspection import Inspector

        return Inspector(self._project, lambda: self.document, self.blind_mode, self.learning)

    @cached_property
    def own_patterns(self) -> OwnPatterns:
        """Patterns made of the project's entities."""
        return OwnPatterns(self._project)

    @cached_property
    def label_editing(self) -> LabelEditing:
        """Changing the labels themselves."""
        from ner_tui.session.label_editing import LabelEditing

        return LabelEditing(self._project, self._clock, self.annotator)

    @cached_property
    def statistics(self) -> Statistics:
        """Figures of the project and of the session."""
        from ner_tui.session.statistics import Statistics

        return Statistics(self._project, self._began_after)

    @cached_property
    def guidelines(self) -> Guidelines:
        """What says what to label how."""
        from ner_tui.session.guidelines import Guidelines

        return Guidelines(self._project)

    @cached_property
    def writing(self) -> Writing:
        """Files that are made of the project, and those it came from saved over."""
        from ner_tui.session.writing import Writing

        return Writing(self._project, lambda: self.document)

    @property
    def unsaved(self) -> int:
        """How many changes the disk has not taken yet; they are drawn, and gone if the program ends now."""
        return len(self._project.pending)

    @property
    def unsaved_because(self) -> str:
        """What the disk said last; empty where everything is saved."""
        return self._project.pending.reason

    def save_pending(self) -> bool:
        """Try again to bring to disk what it has not taken; True if nothing is left."""
        return self._project.pending.retry()

    @property
    def labels(self) -> LabelSet:
        """The project's labels as they are now."""
        return self._facts.labels

    @property
    def theme(self) -> str:
        """Name of the colour theme that was chosen for this project, or empty."""
        return self._project.setting("theme") or ""

    @theme.setter
    def theme(self, name: str) -> None:
        self._project.set_setting("theme", name)

    def introduce(self) -> bool:
        """Whether the project is new to everybody, and the person is to be told how it works; once."""
        if self.read_only or self._began_after or self._project.setting("introduced"):
            return False
        with self._facts.unchanged():
            self._project.set_setting("introduced", "yes")
        return True

    def rows(self) -> list[counting.DocumentRow]:
        """Return all documents in order, with their counts."""
        return list(counting.rows(self._project))

    def document_ids(self) -> list[int]:
        """Return the ids of all documents, ascending, which is their order."""
        return self._project.content.document_ids()

    def row(self, document: int = WHOLE) -> counting.DocumentRow:
        """Return the counts of a document, or of the whole project."""
        if document == self.document.id:
            name = self.document.name
        else:
            name = self._project.content.document(document).name if document != WHOLE else self.project_path
        return counting.row(document, name, self._facts.tallies(document))

    def label_counts(self, document: int = WHOLE) -> dict[str, int]:
        """Return how many decisions and open suggestions carry each label."""
        return counting.label_counts(self.labels, self._facts.tallies(document))

    def open(self, document: int) -> OpenDocument:
        """Open a document in place of the one that is open."""
        self.document = OpenDocument(self._project, document, self.blind_mode, self.faint_mode, self._facts)
        self._project.set_setting("document", str(document))
        return self.document

    def step_document(self, step: int) -> int | None:
        """Return the id of the next (1) or previous (-1) document, or None at the end."""
        return self._project.content.neighbour(self.document.id, step)

    def remember_cursor(self, offset: int) -> None:
        """Keep where the person stands, for the next time the document is opened."""
        if not self._project.read_only:
            with self._facts.unchanged():
                self._project.content.set_cursor(self.document.id, offset)

    def prediction(
        self, near: Callable[[], Place], everywhere: Callable[[], bool] = lambda: True
    ) -> ProjectPrediction | None:
        """Return the prediction of this project, to be run in a worker thread; None if no model is wanted.

        Args:
            near: where the person stands.
            everywhere: whether all is to be predicted, or only what is near the person.
        """
        from ner_tui.session.prediction import ProjectPrediction

        made, told = self._options or own_options(self._project), self._facts.changed_outside
        return ProjectPrediction(self._project.path, made, near, everywhere, told, self.learning) if made else None

    @property
    def unchosen_model(self) -> str:
        """The name of the model that the project names and the person has not chosen; empty if there is none."""
        return self._options.unchosen.name if self._options and self._options.unchosen else ""

    def choose_model(self) -> None:
        """Have the project's model used, now and from now on in every project, since the person says so."""
        from ner_tui.predictors.chosen import choose

        if self._options is not None and self._options.unchosen is not None:
            choose(self._options.unchosen.name)
            self._options = self._options.chosen()

    def indexing(self) -> FileIndexing | None:
        """Return the reading of what is left of large files, for a worker thread; None if all is in the project."""
        if self.read_only or not self._project.bulk_insert.unread():
            return None
        from ner_tui.session.transfer.indexing import FileIndexing

        return FileIndexing(self._project.path, self._facts.changed_outside)

    def model_question(self, start: int, end: int) -> ModelQuestion | None:
        """Return a question to the model about a place of the open document, for a worker thread; None without one."""
        from ner_tui.session.model_questions import ModelQuestion

        if self._options is None or self._options.load is None:
            return None
        return ModelQuestion(self._project.path, self._options, self.document.id, start, end)

    def model_ready(self, ready: ModelReady) -> str:
        """Take note of the model's labels and return what the person should be told, or nothing."""
        told = self.label_editing.take_from_model(ready, fixed=bool(self._options and self._options.only_labels))
        kept = f"suggestions of {ready.kept} are kept; --model bundled replaces them" if ready.kept else ""
        return "; ".join(filter(None, (*ready.remarks, kept, told)))

    def hold(self, lock: Lock) -> None:
        """Keep other sessions from changing the project until this one is closed."""
        self._lock = lock
        self._project.guard(lock.keep)

    @property
    def misplaced(self) -> str:
        """What became of the project file, if it is not in its place as it was left there; may be asked when closed."""
        return self._project.misplaced

    def close(self) -> None:
        """Close the project."""
        try:
            self._project.close()
        finally:
            if self._lock is not None:
                self._lock.release()
