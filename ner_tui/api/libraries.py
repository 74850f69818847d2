"""Documents to and from what other libraries hold: Datasets of ``datasets``, Docs of spaCy."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ner_tui.api.documents import Document, collected
from ner_tui.api.files import read, write
from ner_tui.domain.stream import DocumentStart, Problem
from ner_tui.errors import InputError

if TYPE_CHECKING:
    from spacy.tokens import Doc


def to_datasets(documents: Iterable[Document], *, scheme: str = "iob2") -> Any:
    """Return a ``datasets.Dataset``: of sentences with ``tokens`` and ``ner_tags`` if the first document has tokens of
    its own, else of texts with ``spans``. Decisions and suggestions alike, as Parquet is written.

    Args:
        documents: all of them are in memory then.
        scheme: of the tags.

    Raises:
        InputError: ``datasets`` is not installed.
    """
    _require("datasets")
    from datasets import Dataset
    from datasets.table import InMemoryTable
    from pyarrow.parquet import read_table

    with io.BytesIO() as file:
        write(documents, file, "parquet", scheme=scheme, on_loss=lambda _: None)
        # It caches by this, and would hash the table in a way of its own.
        known = sha256(file.getvalue()).hexdigest()[:16]
        file.seek(0)
        return Dataset(InMemoryTable(read_table(file)), fingerprint=known)


def from_datasets(dataset: Any, *, ignore_tags: bool = False) -> Iterator[Document]:
    """Yield the documents of a ``datasets.Dataset``, as Parquet is read.

    Rows with ``tokens`` are sentences, and a document begins where ``document`` changes; rows with ``text`` are
    documents, with ``spans`` if there are such. Other columns are metadata.

    Args:
        dataset: all of it is in memory meanwhile.
        ignore_tags: give the words alone.

    Raises:
        InputError: ``datasets`` is not installed, or nothing of it is a text or a sentence.
    """
    _require("datasets")
    file = io.BytesIO()
    dataset.to_parquet(file)
    file.seek(0)
    yield from read(file, "parquet", ignore_tags=ignore_tags)


def to_spacy(documents: Iterable[Document], vocabulary: Any = None) -> Iterator[Doc]:
    """Yield documents as spaCy's, with sentences; decisions and suggestions are entities alike.

    Args:
        documents: taken one at a time.
        vocabulary: the ``Vocab`` that they belong to, such as ``nlp.vocab``; None: a new one.

    Raises:
        InputError: spaCy is not installed.
    """
    _require("spacy")
    from ner_tui.formats.base import WriteOptions
    from ner_tui.formats.docbin import doc_of, import_spacy
    from ner_tui.formats.standoff.whole_documents import WholeDocument

    spacy, options = import_spacy(), WriteOptions("spacy", lossy=lambda _: None)
    words = spacy.vocab.Vocab() if vocabulary is None else vocabulary
    for each in documents:
        yield doc_of(WholeDocument(each.name, each.origin, each.sentences, each.metadata), options, spacy.tokens, words)


def from_spacy(docs: Iterable[Doc]) -> Iterator[Document]:
    """Yield documents of spaCy's with their tokens, entities and, if they are set, sentences.

    White space that is a token there is none here; what is left out, such as groups of spans, is in ``problems``.

    Raises:
        InputError: spaCy is not installed.
    """
    _require("spacy")
    from ner_tui.formats.docbin import marked_of
    from ner_tui.formats.standoff.placing import placed

    for number, doc in enumerate(docs, 1):
        marked = marked_of(f"document {number}", doc)
        told = [Problem(f"document {number}", line, reason, lost=True) for line, reason in marked.problems]
        head = DocumentStart("", marked.origin)
        yield from collected([head, *told, *placed(f"document {number}", marked)])


def _require(package: str) -> None:
    if find_spec(package) is None:
        raise InputError(f"{package} is not installed: pip install {package}")
