"""A cluster of this machine: parts are done by its workers, also where one is killed at its work."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from ner_tui.api.labelling import ModelOptions
from ner_tui.cluster.ray_engine import cluster, do_parts
from ner_tui.domain import blocks
from ner_tui.patterns.reading import read_patterns
from ner_tui.session.parts.marks import Job
from ner_tui.session.parts.planning import ReadingOptions, plan_file
