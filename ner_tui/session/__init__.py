"""A sitting and everything it can do: the one door from the screen and the commands to files, models and the store."""

from ner_tui.session.correcting import Done
from ner_tui.session.counting import DocumentRow
from ner_tui.session.exporting import Export, ExportProgress, ExportReport, WriteRequest
from ner_tui.session.forecast import BlockResult, Forecast, ForecastOptions, ModelReady, Place
from ner_tui.session.opened import Mark, OpenDocument, TokenIndex
from ner_tui.session.opening import SittingOptions, open_sitting
from ner_tui.session.sitting import Disagreement, Session

__all__ = [
    "BlockResult",
    "Disagreement",
    "DocumentRow",
    "Done",
    "Export",
    "ExportProgress",
    "ExportReport",
    "Forecast",
    "ForecastOptions",
    "Mark",
    "ModelReady",
    "OpenDocument",
    "Place",
    "Session",
    "SittingOptions",
    "TokenIndex",
    "WriteRequest",
    "open_sitting",
]
