"""Where the texts contradict each other: who says what, what is true by the counts, and which claims judge it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inception_analyzer.claims.contradictions.model import Told
from inception_analyzer.claims.texts import TEXTS
from inception_analyzer.report.amounts import sentence_text
from inception_analyzer.report.document import Document, Flat, Note
from inception_analyzer.report.quantity import many
from inception_analyzer.report.records import Record

COLUMNS = ("number", "title", "truth", "claims", "sayings")


def document(found: Sequence[Told], handles: Mapping[str, str]) -> Document:
    """A paragraph for each contradiction: the texts, then what was counted."""
    texts = {saying.text for one in found for saying in one.contradiction.sayings}
    return Document(
        command="list",
        title=many(len(found), "contradiction"),
        conditions="counted exactly",
        finding=(f"*{many(len(texts), 'text')} contradict each other, or themselves, on {many(len(found), 'point')}.*",),
        sections=tuple(_note(one, handles) for one in found),
        flat=lambda: Flat(COLUMNS, tuple(_flat(one) for one in found)),
        data=lambda: {"convention": "paper-mac", "contradictions": [record(one) for one in found]},
    )


def record(one: Told) -> Record:
    """One contradiction for JSON."""
    contradiction = one.contradiction
    return {
        "number": contradiction.number,
        "title": contradiction.title,
        "sayings": [{"text": TEXTS[said.text], "place": said.place, "says": said.says} for said in contradiction.sayings],
        "truth": sentence_text(one.truth),
        "values": [amount.value for amount in one.truth.amounts],
        "claims": list(contradiction.claims),
    }


def _flat(one: Told) -> Record:
    whole = record(one)
    said = "; ".join(f"{saying['text']}, {saying['place']}: {saying['says']}" for saying in whole["sayings"])
    return {**whole, "claims": " ".join(whole["claims"]), "sayings": said}


def _note(one: Told, handles: Mapping[str, str]) -> Note:
    contradiction = one.contradiction
    said = [f"{TEXTS[saying.text].partition(' (')[0]}, {saying.place}: {saying.says}" for saying in contradiction.sayings]
    judged = ", ".join(handles[name] for name in contradiction.claims if name in handles)
    truth = sentence_text(one.truth)
    lines = [f"*{contradiction.number}. {contradiction.title}*", *said, f"*counted*: {truth}"]
    return Note((*lines, *([f"judged by {judged}"] if judged else [])), "")
