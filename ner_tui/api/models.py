"""Models at texts: the handle of one that Python programs hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from ner_tui.api.advice import advised
from ner_tui.api.documents import Document, collected, streamed
from ner_tui.api.labelling import ModelOptions, open_labeller
from ner_tui.domain.annotation.suggestions import FLOOR
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import LabelSet
from ner_tui.errors import InputError, ModelError
from ner_tui.predictors import NO_MODEL, require_labels
from ner_tui.session.naming import require_model

if TYPE_CHECKING:
    from types import TracebackType

    from ner_tui.domain.document import Sentence
    from ner_tui.predictors.base import Context, ModelInfo, TrainedOn
    from ner_tui.session.transfer.headless import StreamPredictor

Input = str | Sequence[str] | Document
"""One text, the words of one sentence, or a document, of which sentences and tokens are kept."""

_ARGUMENTS = frozenset(
    {"labels", "label_map", "threshold", "context", "patterns", "model_tags", "allow_pickle", "trained_on"}
)
"""Those of ``load_model`` that errors may name."""


def load_model(
    spec: str | Path | None = None,
    *,
    labels: str | Sequence[str] | Mapping[str, str] = (),
    label_map: Mapping[str, str] | None = None,
    threshold: float = FLOOR,
    context: Context = "document",
    patterns: str | Sequence[str] = (),
    pattern_labels: Sequence[str] = (),
    threads: int | None = None,
    model_tags: Sequence[str] | None = None,
    allow_pickle: bool = False,
    trained_on: TrainedOn | None = None,
) -> Model:
    """Load a model, ready to be given texts.

    Args:
        spec: None for the larger bundled model, ``fast``, ``none`` (patterns alone), a folder with a checkpoint or a
            GLiNER, a hub name, or a project and what was decided in it.
        labels: those that are wanted, as names, as descriptions by name, or as the path of a ``.toml`` file of labels;
            none are all that the model has. A GLiNER has to be asked for some.
        label_map: names of the model's labels that are wanted; an empty one drops a label.
        threshold: what a span has to score to be suggested, 0 to 1.
        context: ``document``: sentences are read with those around them; ``sentence``: each on its own.
        patterns: files whose patterns are found besides.
        pattern_labels: of the lists of terms among them.
        threads: how many processors are used; None: all that this process may use. Results do not depend on it.
        model_tags: names of the model's tags in the order of its ids, for a checkpoint that has none.
        allow_pickle: read pickled weights where there are no others; they can hold code.
        trained_on: ``words`` or ``text``, where a model's files do not say it.

    Raises:
        InputError: something that was asked for is not there, or has no meaning.
        ModelError: there is no such model, or it cannot be used.
    """
    name = None if spec is None else os.fspath(spec)
    with advised(_ARGUMENTS):
        wanted = _label_set(labels)
    paths = [patterns] if isinstance(patterns, str) else list(patterns)
    if context not in ("document", "sentence"):
        raise InputError(f"there is no context {context!r}: choose document or sentence")
    if not 0 <= threshold <= 1:
        raise InputError(f"a threshold is from 0 to 1, not {threshold}")
    if threads is not None and threads < 1:
        raise InputError(f"threads are 1 or more, not {threads}")
    if name == NO_MODEL and not paths:
        raise InputError("without a model there have to be patterns: name files of them")
    with advised(_ARGUMENTS):
        if name:
            require_model(name)
        require_labels(name, wanted.names)
    files = None
    if paths or pattern_labels:
        from ner_tui.patterns.reading import with_labels

        files = with_labels(paths, pattern_labels)
    options = ModelOptions(
        name,
        wanted,
        LabelMap(tuple((label_map or {}).items())),
        context,
        threshold,
        files,
        None if model_tags is None else tuple(model_tags),
        allow_pickle,
        trained_on,
        threads,
    )
    model = Model(options)
    model.load()
    return model


def _label_set(asked: str | Sequence[str] | Mapping[str, str]) -> LabelSet:
    if not asked:
        return LabelSet()
    from ner_tui.config.labels import label_set

    found = label_set(asked if isinstance(asked, str) else ",".join(asked))
    if isinstance(asked, Mapping):
        return LabelSet(tuple(replace(label, description=asked[label.name]) for label in found))
    return found


class Model:
    """A model that is given texts and suggests what is in them.

    It can be pickled, and is loaded again in the process that it comes to, after a fork too. Several threads may use
    one. As a context manager it is closed at the end.
    """

    def __init__(self, options: ModelOptions) -> None:
        self.options = options
        """What it was asked for with."""
        self._forget()

    def _forget(self) -> None:
        self._labeller: StreamPredictor | None = None
        self._remarks = list[str]()
        self._pid = os.getpid()
        self._loading = Lock()
        self._closed = False

    def __getstate__(self) -> ModelOptions:
        return self.options

    def __setstate__(self, options: ModelOptions) -> None:
        self.options = options
        self._forget()

    def __repr__(self) -> str:
        return f"<ner_tui model {self.options.spec or 'bundled'}>"

    def __enter__(self) -> Model:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def load(self) -> StreamPredictor:
        """Return what labels streams, loaded if it is not yet in this process.

        Raises:
            InputError: the model has none of the labels.
            ModelError: it cannot be used, or was closed.
        """
        if self._pid != os.getpid():
            # The threads of the parent are not here. What it has is kept from being torn down by a child.
            self._of_parent = self._labeller
            self._forget()
        with self._loading:
            if self._closed:
                raise ModelError(f"{self.options.spec or 'bundled'}: the model was closed")
            if self._labeller is None:
                remarks = list[str]()
                with advised(_ARGUMENTS):
                    self._labeller = open_labeller(self.options, remarks.append)
                self._remarks = remarks
            return self._labeller

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that it can suggest, those of patterns too."""
        labeller = self.load()
        sources = (labeller.source, labeller.patterns)
        return tuple(dict.fromkeys(label for source in sources if source is not None for label in source.labels))

    @property
    def info(self) -> ModelInfo | None:
        """What it is: name, hash, precision, tags; None where there are patterns alone."""
        return self.load().info

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know of it before relying on it, a sentence each."""
        self.load()
        return tuple(self._remarks)

    def predict(self, text: Input) -> Document:
        """Return one text, or the words of one sentence, or a document, with what is suggested in it.

        Raises:
            InputError: it is none of these.
            ModelError: the model failed.
        """
        (found,) = self.predict_all([text])
        return found

    def predict_all(self, texts: Iterable[Input]) -> Iterator[Document]:
        """Yield a document for each text, list of words or document, in order, while the next ones are being read.

        Texts are taken one by one, a few ahead of what is yielded, so they may come from a generator without end. A
        text is read by itself: what stands beside it changes nothing.

        Raises:
            InputError: something is none of these; says which.
            ModelError: the model failed.
        """
        if isinstance(texts, str | Document):
            raise InputError("predict_all takes many inputs: give one in a list, or to predict")
        documents = (as_document(text, number) for number, text in enumerate(texts))
        return collected(self.load().label(streamed(documents), _pass_over))

    def close(self) -> None:
        """Let go of what it holds in this process; it cannot be used any more."""
        if self._pid == os.getpid() and self._labeller is not None:
            self._labeller.close()
        self._forget()
        self._closed = True


def _pass_over(_: Sentence) -> None:
    """Take note of no sentence."""


def as_document(text: Input, number: int = 0) -> Document:
    """Return one input of a model as a document.

    Args:
        text: it.
        number: which it is, counted from 0, for messages.

    Raises:
        InputError: it is neither a text nor a list of words nor a document.
    """
    if isinstance(text, Document):
        return text
    if isinstance(text, str):
        return Document.from_text(str(text))
    if isinstance(text, Sequence) and not isinstance(text, bytes):
        for at, word in enumerate(text):
            if not isinstance(word, str):
                raise InputError(f"word {at} of input {number} is no text but {type(word).__name__}")
        return Document.from_words(text)
    raise InputError(
        f"input {number} is {type(text).__name__}: give a text, a list of words or a document; "
        "many of them are for predict_all"
    )
