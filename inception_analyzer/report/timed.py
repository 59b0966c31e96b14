"""What the clock says about claims: counted, allowed by the ceilings and measured, side by side for each question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inception_analyzer.choices import Phase
from inception_analyzer.claims import HANDLES
from inception_analyzer.claims.judging import Judged
from inception_analyzer.cost import cost_of
from inception_analyzer.inquiry import Answer, Answered, Question
from inception_analyzer.report.document import Cell, Column, Content, Note, Table, bold, dim, row, table
from inception_analyzer.report.measured import PHASE_WORDS, VERDICTS, ratio_texts, records
from inception_analyzer.report.quantity import ratio
from inception_analyzer.report.records import Record
from inception_analyzer.spec import Network
from inception_analyzer.timings import Failure

FEW = 2  # examples of what a doubt is about
DOUBTS = 8  # lines of them, so that a busy machine does not bury its answers
PHASES: dict[Phase, str] = {**PHASE_WORDS, "train-step": "training"}  # a step is what is asked about mostly
DECIDED = ("FASTER", "SLOWER")


def sections(judged: Sequence[Judged]) -> tuple[Table | Note, ...]:
    """A row for each question that a claim asked, and why some have no answer."""
    asked = [(one, question) for one in judged for question in one.claim.asks() if question.name in one.answers]
    rows = [
        _row(one, question, answer) for one, question in asked if isinstance(answer := one.answers[question.name], Answered)
    ]
    heads = (
        Column("", "left"),
        Column("measured here", "left"),
        Column("counted"),
        Column("by roof", drop=2),
        Column("took"),
        Column("95 % interval", "left"),
        Column("verdict", "left", drop=1),
    )
    failed = {
        f"{_what(question)}: {answer.reason}"
        for one, question in asked
        if isinstance(answer := one.answers[question.name], Failure)
    }
    return (
        *([table(heads, rows)] if rows else []),
        *(
            [Note(("counted: ratio of multiply-adds; by roof: of the least times that the device's ceilings allow.",))]
            if rows
            else []
        ),
        *_doubts(asked),
        *([Note(("*not measured*", *sorted(failed)), "")] if failed else []),
    )


def _doubts(asked: Sequence[tuple[Judged, Question]]) -> tuple[Note, ...]:
    """Each doubt once, with what it is about; those about most questions first."""
    about: dict[str, list[str]] = {}
    for one, question in asked:
        answer = one.answers[question.name]
        if isinstance(answer, Answered):
            for doubt in dict.fromkeys((*answer.reference.doubts, *answer.other.doubts)):
                about.setdefault(doubt, []).append(_what(question))
    frequent = sorted(about.items(), key=lambda one: -len(set(one[1])))
    lines = [f"{doubt}: {_few(list(dict.fromkeys(whats)))}" for doubt, whats in frequent[:DOUBTS]]
    more = [f"{len(frequent) - DOUBTS} more, each beside its sample in --format json"] if len(frequent) > DOUBTS else []
    return (Note(("*doubts*", *lines, *more), ""),) if lines else ()


def _few(names: Sequence[str]) -> str:
    return "; ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")


def question_records(answers: Mapping[str, Answer]) -> list[Record]:
    """Both sides of each answer by the schema of measurements, and what ceilings foretell."""
    found: list[Record] = []
    for name, answer in answers.items():
        if isinstance(answer, Failure):
            found.append({"question": name, **records([answer])[0]})
            continue
        for side in (answer.reference, answer.other):
            found.append({"question": name, **records([side])[0], "roof_ratio": answer.roof_ratio, "bounds": answer.bounds})
    return found


def counted_ratio(question: Question) -> float | None:
    """The multiply-adds of the second side over those of the first; None for operations, which are no networks."""
    one, other = question.reference, question.other
    if not (isinstance(one, Network) and isinstance(other, Network)):
        return None
    return cost_of(other).macs / cost_of(one).macs


def _row(one: Judged, question: Question, answer: Answered) -> tuple[Content, ...]:
    counted, against = counted_ratio(question), answer.against
    word, style = VERDICTS[against.verdict]
    factor, spread = ratio_texts(against.ratio)
    return row(
        dim(HANDLES[one.claim.id]),
        _what(question),
        _factor(counted),
        dim(_factor(answer.roof_ratio)),
        bold(factor) if against.verdict in DECIDED else dim(f"~ {factor}"),
        dim(spread),
        Cell(word, style),
    )


def _factor(value: float | None) -> str:
    return "" if value is None else "1.00x" if value == 1 else ratio(value, 1)


def _what(question: Question) -> str:
    """`3x3,3x3 / 5x5 at 35, training`; what both sides end with is said once."""
    one, other = (_side(side) for side in (question.reference, question.other))
    tail = one.partition(", ")[2]
    other = other.removesuffix(f", {tail}") if tail else other
    phase = "" if question.phase == "forward" else f", {PHASES[question.phase]}"
    batch = f", batch {question.batch}" if question.batch > 1 else ""
    return f"{other} / {one}{_grid(question)}{phase}{batch}"


def _side(side: Network | str) -> str:
    return side.removeprefix("operation: ") if isinstance(side, str) else side.label


def _grid(question: Question) -> str:
    """The grid of a kernel chain, which its name does not say."""
    side = question.reference
    return f" at {side.input.height}" if isinstance(side, Network) and side.family == "ref" and "x" in side.label else ""
