"""A session and everything it can do: the one door from the screen and the commands to files, models and the store.

A name's module is imported when the name is first asked for: to show a text takes a small part of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ner_tui.session.document_counts import DocumentRow as DocumentRow
    from ner_tui.session.drawn_spans import DrawnSpan as DrawnSpan
    from ner_tui.session.edit_result import EditResult as EditResult
    from ner_tui.session.open_document import OpenDocument as OpenDocument
    from ner_tui.session.opening import SessionOptions as SessionOptions
    from ner_tui.session.opening import open_session as open_session
    from ner_tui.session.place import Place as Place
    from ner_tui.session.place import PredictionOptions as PredictionOptions
    from ner_tui.session.prediction import BlockResult as BlockResult
    from ner_tui.session.prediction import ModelReady as ModelReady
    from ner_tui.session.prediction import ProjectPrediction as ProjectPrediction
    from ner_tui.session.session import Session as Session
    from ner_tui.session.token_index import TokenIndex as TokenIndex
    from ner_tui.session.transfer.exporting import Export as Export
    from ner_tui.session.transfer.exporting import ExportProgress as ExportProgress
    from ner_tui.session.transfer.exporting import OutputFormat as OutputFormat
    from ner_tui.session.transfer.exporting import WriteRequest as WriteRequest
    from ner_tui.session.transfer.exporting import output_formats as output_formats
    from ner_tui.session.transfer.project_stream import ExportReport as ExportReport

DEFAULT_PROJECT = "annotations.ner"
"""The project file in the folder where a person stands, if they name none."""

_HOMES = {
    "edit_result": ("EditResult",),
    "document_counts": ("DocumentRow",),
    "transfer.exporting": (
        "Export",
        "ExportProgress",
        "OutputFormat",
        "WriteRequest",
        "output_formats",
    ),
    "transfer.project_stream": ("ExportReport",),
    "prediction": ("BlockResult", "ProjectPrediction", "ModelReady"),
    "drawn_spans": ("DrawnSpan",),
    "open_document": ("OpenDocument",),
    "token_index": ("TokenIndex",),
    "opening": ("SessionOptions", "open_session"),
    "place": ("PredictionOptions", "Place"),
    "session": ("Session",),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
