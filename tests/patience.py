"""How long tests wait: machines may be slow, and only what hangs shall fail."""

from __future__ import annotations

HANGS = 60.0
"""Seconds after which something will not come to an end. What takes less is counted, not timed."""
