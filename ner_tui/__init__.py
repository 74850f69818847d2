"""ner-tui: review, correct and export named entities in a terminal."""

import os

__version__ = "0.1.0"

# onnxruntime sends events to its maker unless this is set before it is first imported, wherever that happens.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
