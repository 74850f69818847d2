"""Files of JSON records in the app: what they bring is on the screen, and an empty record is a document like any."""

from __future__ import annotations

from app.conftest import Open

GAP = '{"id": 1, "text": "Ann Lee left."}\n{"id": 2, "text": ""}\n{"id": 3, "text": "Oslo sleeps."}\n'
SUGGESTED = (
    '{"text": "Ada flew to Lagos.", "spans": [{"start": 12, "end": 17, "label": "LOC", "source": "suggested", '
    '"model": "my-model", "score": 0.97, "margin": 0.95}]}\n'
)


async def test_an_empty_record_is_an_empty_document_between_the_others(review: Open) -> None:
    async with review(records=GAP) as app:
        await app.press("z", "D")
        assert app.session.document.text == ""
        for keys in ("l", "h", "j", "k", "1", "space", "enter", "f", "x", "g", "G", "z e", "v l", "w", "s", "u", "i"):
            await app.press(*keys.split())
            await app.press("escape")
        await app.press(*"zBzDzD")
        await app.until(lambda: app.session.document.text == "Oslo sleeps.")
        await app.stand_on("Oslo")
        await app.press("3")
        assert app.spans() == [("Oslo", "LOC")]


async def test_a_suggestion_of_a_file_is_shown_with_its_model_and_accepted(review: Open) -> None:
    async with review(records=SUGGESTED) as app:
        await app.stand_on("Lagos")
        await app.press("z", "d")
        await app.until(lambda: any("my-model" in line for line in app.lines()))
        await app.press("escape", "a")
        assert app.spans() == [("Lagos", "LOC")]
