"""Whatever order edits, saves, changes outside, dumps and undo come in, a project is what sources and journal tell.

`python -m benchmarks.state_machine` takes twenty thousand runs.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from thoroughness import examples

from benchmarks.state_machine_rules import Projects

TestProjects = Projects.TestCase
TestProjects.settings = settings(
    max_examples=examples(8), stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
