r"""JSON Lines: one document a line, with offsets in code points of its text.

Written only. A sample, broken here for reading::

    {"name": "news.txt", "text": "Hugging Face opened.",
     "tokens": [{"start": 0, "end": 7}, {"start": 8, "end": 12}, …],
     "spans": [{"start": 0, "end": 12, "label": "ORG", "source": "suggested", "score": 0.97}],
     "sentences": [{"start": 0, "end": 20, "status": "in progress", "flagged": false}],
     "notes": [{"start": 0, "end": 12, "text": "the company or the site?"}]}

``source`` is ``decided`` for a person's and the file's own spans, without a score, and ``suggested`` for a model's.
``status`` is ``untouched``, ``in progress`` or ``confirmed``; ``flagged`` is true where a person wants to come back.
``notes`` are a person's remarks, each on the stretch of text that it names.
Text stands as itself except for control characters, which are written ``\u001b``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TextIO, TypedDict

from ner_tui.domain.document import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.domain.spans import Span
from ner_tui.formats.base import WriteOptions

# What `json` leaves as it is and a terminal or a line reader may act on: DEL and C1, line separators, bidi controls,
# and lone surrogates, which no file can hold.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

_Range = dict[str, int]
_Marked = dict[str, int | float | str | bool]


class _Document(TypedDict):
    name: str
    text: str
    tokens: list[_Range]
    spans: list[_Marked]
    sentences: list[_Marked]
    notes: list[_Marked]


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line when a document is complete; scheme and separator do not count."""
    document: _Document | None = None
    texts: list[str] = []
    for item in items:
        if isinstance(item, DocumentStart):
            _flush(document, texts, out)
            document = _Document(name=item.name, text="", tokens=[], spans=[], sentences=[], notes=[])
            texts = []
        elif isinstance(item, AnnotatedSentence) and document is not None:
            texts.append(item.sentence.text)
            _add(document, item)
    _flush(document, texts, out)


def _add(document: _Document, item: AnnotatedSentence) -> None:
    sentence = item.sentence
    document["tokens"] += [{"start": token.start, "end": token.end} for token in sentence.tokens]
    document["sentences"].append(
        {"start": sentence.start, "end": sentence.end, "status": item.status, "flagged": item.flagged}
    )
    document["notes"] += [{"start": note.start, "end": note.end, "text": note.text} for note in item.notes]
    marks: list[tuple[Span, str, float | None]] = [(span, "decided", None) for span in item.spans]
    marks += [(suggestion.span, "suggested", suggestion.score) for suggestion in item.suggestions]
    for span, source, score in sorted(marks, key=lambda mark: mark[0]):
        mark: _Marked = {"start": span.start, "end": span.end, "label": span.label, "source": source}
        document["spans"].append(mark if score is None else {**mark, "score": round(score, 4)})


def _flush(document: _Document | None, texts: list[str], out: TextIO) -> None:
    if document is not None:
        document["text"] = "".join(texts)
        line = json.dumps(document, ensure_ascii=False)
        out.write(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line) + "\n")
