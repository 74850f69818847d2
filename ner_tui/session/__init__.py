"""A sitting and everything it can do: the one door from the screen and the commands to files, models and the store.

A name's module is imported when the name is first asked for: to show a text takes a small part of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ner_tui.session.corrections import Done as Done
    from ner_tui.session.document_counts import DocumentRow as DocumentRow
    from ner_tui.session.open_document import Mark as Mark
    from ner_tui.session.open_document import OpenDocument as OpenDocument
    from ner_tui.session.open_document import TokenIndex as TokenIndex
    from ner_tui.session.opening import SittingOptions as SittingOptions
    from ner_tui.session.opening import open_sitting as open_sitting
    from ner_tui.session.place import ForecastOptions as ForecastOptions
    from ner_tui.session.place import Place as Place
    from ner_tui.session.prediction import BlockResult as BlockResult
    from ner_tui.session.prediction import Forecast as Forecast
    from ner_tui.session.prediction import ModelReady as ModelReady
    from ner_tui.session.session import Disagreement as Disagreement
    from ner_tui.session.session import Session as Session
    from ner_tui.session.transfer.exporting import Export as Export
    from ner_tui.session.transfer.exporting import ExportProgress as ExportProgress
    from ner_tui.session.transfer.exporting import ExportReport as ExportReport
    from ner_tui.session.transfer.exporting import WriteRequest as WriteRequest

DEFAULT_PROJECT = "annotations.ner"
"""The project file in the folder where a person stands, if they name none."""

_HOMES = {
    "corrections": ("Done",),
    "document_counts": ("DocumentRow",),
    "transfer.exporting": ("Export", "ExportProgress", "ExportReport", "WriteRequest"),
    "prediction": ("BlockResult", "Forecast", "ModelReady"),
    "open_document": ("Mark", "OpenDocument", "TokenIndex"),
    "opening": ("SittingOptions", "open_sitting"),
    "place": ("ForecastOptions", "Place"),
    "session": ("Disagreement", "Session"),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
