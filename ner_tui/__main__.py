"""``python -m ner_tui``: the same program as the ``ner-tui`` command."""

from __future__ import annotations

import sys

from ner_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
