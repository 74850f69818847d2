"""An ONNX graph that is rewritten: its constants by name, and new ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, numpy_helper


class Constants:
    """The constants of a graph."""

    def __init__(self, graph: GraphProto) -> None:
        self._graph = graph
        self._constants = {each.name: each for each in graph.initializer}

    def _values(self, name: str) -> NDArray[np.float32]:
        """Return a constant in float32."""
        return numpy_helper.to_array(self._constants[name]).astype(np.float32)

    def _keep(self, name: str, values: NDArray[np.generic]) -> str:
        """Add a constant and return its name."""
        self._graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
