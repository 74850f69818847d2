"""Which layer of several, in files of UIMA and WebAnno, holds entities, and which of its features their labels."""

from __future__ import annotations

NAMED_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
"""DKPro's type, and layer, of entities."""
LABEL_FEATURES = ("value", "label", "entity", "entity_type", "category", "class", "kind", "type", "tag", "name")
"""What the feature with the label is called, the likeliest first, in small letters."""
