"""Tasks as Label Studio exports them."""

from __future__ import annotations

from typing import Any

Task = dict[str, Any]
TEXT = "Ada left."


def region(start: int, end: int, *labels: str, **more: object) -> Task:
    return {"start": start, "end": end, "labels": list(labels), **more}


def result(start: int, end: int, *labels: str, **more: object) -> Task:
    return {"type": "labels", "value": region(start, end, *labels), **more}


def answer(*results: object, **more: object) -> Task:
    return {"result": list(results), **more}


def task(*annotations: object, **more: object) -> Task:
    return {"data": {"text": TEXT}, "annotations": list(annotations), **more}
