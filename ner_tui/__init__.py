"""ner-tui: review, correct and export named entities in a terminal; the same from Python, see docs/api.md.

Importing this loads nothing: a name's module is imported when the name is first asked for.
"""

import os

# typing takes longer to import than all of this.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ner_tui.api.documents import Document as Document
    from ner_tui.api.documents import Entity as Entity
    from ner_tui.api.files import read as read
    from ner_tui.api.files import write as write
    from ner_tui.api.libraries import from_datasets as from_datasets
    from ner_tui.api.libraries import from_spacy as from_spacy
    from ner_tui.api.libraries import to_datasets as to_datasets
    from ner_tui.api.libraries import to_spacy as to_spacy
    from ner_tui.api.models import Model as Model
    from ner_tui.api.models import load_model as load_model
    from ner_tui.api.projects import AnnotationProject as AnnotationProject
    from ner_tui.api.projects import open_project as open_project
    from ner_tui.api.scoring import score as score
    from ner_tui.domain.annotation.suggestions import Suggestion as Suggestion
    from ner_tui.domain.evaluation.scoring import Scores as Scores
    from ner_tui.domain.spans import Span as Span
    from ner_tui.errors import EditRefused as EditRefused
    from ner_tui.errors import InputError as InputError
    from ner_tui.errors import ModelError as ModelError
    from ner_tui.errors import NerTuiError as NerTuiError
    from ner_tui.errors import ProjectError as ProjectError

__version__ = "0.1.0"

# onnxruntime sends events to its maker unless this is set before it is first imported, wherever that happens.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

_HOMES = {
    "api.documents": ("Document", "Entity"),
    "api.files": ("read", "write"),
    "api.libraries": ("from_datasets", "from_spacy", "to_datasets", "to_spacy"),
    "api.models": ("Model", "load_model"),
    "api.projects": ("AnnotationProject", "open_project"),
    "api.scoring": ("score",),
    "domain.annotation.suggestions": ("Suggestion",),
    "domain.evaluation.scoring": ("Scores",),
    "domain.spans": ("Span",),
    "errors": ("EditRefused", "InputError", "ModelError", "NerTuiError", "ProjectError"),
}
"""The public names, by the module that each is in."""

__all__ = [
    "AnnotationProject", "Document", "EditRefused", "Entity", "InputError", "Model", "ModelError", "NerTuiError",
    "ProjectError", "Scores", "Span", "Suggestion", "__version__", "from_datasets", "from_spacy", "load_model",
    "open_project", "read", "score", "to_datasets", "to_spacy", "write",
]  # fmt: skip


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            # Kept, so that it is looked up once.
            found: object = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
