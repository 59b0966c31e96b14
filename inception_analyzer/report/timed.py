"""What the clock says about claims: counted, allowed by the ceilings and measured, side by side for each question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from inception_analyzer.choices import Phase
from inception_analyzer.claims import HANDLES
from inception_analyzer.claims.judging import Judged
from inception_analyzer.cost import cost_of
from inception_analyzer.inquiry import Answer, Answered, Question
from inception_analyzer.kernel import LABORATORY
from inception_analyzer.report.circumstances import fingerprint_note
from inception_analyzer.report.document import Cell, Column, Content, Note, Table, bold, dim, row, table
from inception_analyzer.report.measured import PHASE_WORDS, ratio_text, ratio_texts
from inception_analyzer.report.measurements import VERDICTS, records
from inception_analyzer.report.quantity import many, ratio
from inception_analyzer.report.records import Record
from inception_analyzer.report.terminal import broken
from inception_analyzer.spec import Network
from inception_analyzer.stats import summary
from inception_analyzer.timings import Failure, Measurement

FEW = 2  # examples of what a doubt is about
DOUBTS = 8  # lines of them, so that a busy machine does not bury its answers
PHASES: dict[Phase, str] = {**PHASE_WORDS, "train-step": "training"}  # a step is what is asked about mostly
DECIDED = ("FASTER", "SLOWER")
NAME = 31  # signs of a question on one line, so that 80 columns hold everything beside it

COUNTED = "counted: ratio of multiply-adds."
BY_ROOF = (
    "by roof: ratio of the least times that the device's ceilings allow. Below each name stands what decides that time, "
    "compute, memory or launch, and the share of the roof that each side reached: the one that reaches less takes longer than "
    "counted."
)


def sections(judged: Sequence[Judged], machine: Mapping[str, Any] | None = None) -> tuple[Table | Note, ...]:
    """Rows for each question that a claim asked, what they mean, why some have no answer, and the machine if it is given."""
    asked = [(one, question) for one in judged for question in one.claim.asks() if question.name in one.answers]
    answered = [
        (one, question, answer) for one, question in asked if isinstance(answer := one.answers[question.name], Answered)
    ]
    failed = {
        f"{what_of(question)}: {answer.reason}"
        for one, question in asked
        if isinstance(answer := one.answers[question.name], Failure)
    }
    return (
        *_times(answered),
        *_doubts(asked),
        *([Note(("*not measured*", *sorted(failed)), "")] if failed else []),
        *([fingerprint_note(_rows_of(answered), machine)] if machine and answered else []),
    )


def _rows_of(answered: Sequence[tuple[Judged, Question, Answered]]) -> list[Measurement | Failure]:
    return [side for _, _, answer in answered for side in (answer.reference, answer.other)]


def _times(answered: Sequence[tuple[Judged, Question, Answered]]) -> tuple[Table | Note, ...]:
    """Two lines for each question, as one is too long for 80 columns: figures, and below them what they rest on."""
    if not answered:
        return ()
    roofed = any(answer.bounds for _, _, answer in answered)
    counted = any(counted_ratio(question) is not None for _, question, _ in answered)
    heads = (
        Column("", "left"),
        Column("measured here", "left"),
        Column("counted" if counted else ""),
        Column("took"),
        Column("verdict", "left", drop=1),
    )
    below = row("", dim("  bound, share of roof reached" if roofed else ""), dim("by roof" if roofed else ""), dim("95 %"), "")
    rows = [line for one, question, answer in answered for line in _rows(one, question, answer)]
    legend = (*((COUNTED,) if counted else ()), *((BY_ROOF,) if roofed else ()))
    return (table(heads, [below, *rows]), *((Note(legend),) if legend else ()))


def _doubts(asked: Sequence[tuple[Judged, Question]]) -> tuple[Note, ...]:
    """Each doubt once, with what it is about; those about most questions first."""
    about: dict[str, list[str]] = {}
    for one, question in asked:
        answer = one.answers[question.name]
        if isinstance(answer, Answered):
            for doubt in dict.fromkeys((*answer.reference.doubts, *answer.other.doubts)):
                about.setdefault(doubt, []).append(what_of(question))
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
        roof = {"roof_ratio": answer.roof_ratio, "bounds": answer.bounds}
        floors = answer.floors or (None, None)
        for side, floor in zip((answer.reference, answer.other), floors, strict=True):
            found.append({"question": name, **records([side])[0], **roof, "floor": floor})
    return found


def counted_ratio(question: Question) -> float | None:
    """The multiply-adds of the second side over those of the first; None for operations, which are no networks."""
    one, other = question.reference, question.other
    if not (isinstance(one, Network) and isinstance(other, Network)):
        return None
    return cost_of(other).macs / cost_of(one).macs


def _rows(one: Judged, question: Question, answer: Answered) -> list[tuple[Content, ...]]:
    """A question with its figures over its roof and its interval; long names take more lines."""
    against = answer.against
    word, style = VERDICTS[against.verdict]
    took, spread = ratio_texts(against.ratio)
    bound = bound_of(answer)
    names = [Cell(part) for part in broken(what_of(question), NAME)] + ([dim(f"  {bound}")] if bound else [])
    figures = [
        row(
            factor_text(counted_ratio(question)),
            bold(took) if against.verdict in DECIDED else dim(f"~ {took}"),
            Cell(word, style),
        ),
        row(dim(factor_text(answer.roof_ratio)), dim(spread), ""),
    ]
    lines = zip_longest(names, figures, fillvalue=None)
    handle = HANDLES[one.claim.id]
    return [
        row(dim("" if index else handle), name or "", *(figure or row("", "", "")))
        for index, (name, figure) in enumerate(lines)
    ]


def bound_of(answer: Answered) -> str:
    """`compute, 31 % / 79 % of roof`, `launch / compute, 4 % / 60 %`: what decides each side, and how much was reached."""
    if answer.bounds is None:
        return ""
    one, other = answer.bounds
    names = one if one == other else f"{other} / {one}"
    if answer.floors is None:
        return names
    taken = [summary(side.sample.seconds).median for side in (answer.reference, answer.other)]
    below, above = (floor / seconds for floor, seconds in zip(answer.floors, taken, strict=True))
    return f"{names}, {100 * above:.0f} % / {100 * below:.0f} %" + (" of roof" if one == other else "")


def factor_text(value: float | None) -> str:
    """`0.72x`; nothing where there is none."""
    return "" if value is None else "1.00x" if value == 1 else ratio(value, 1)


def what_of(question: Question) -> str:
    """`3x3,3x3 / 5x5 at 35, training`; what both sides end with is said once, and an image where it is not the same."""
    one, other = (_side(side, question) for side in (question.reference, question.other))
    tail = one.partition(", ")[2]
    other = other.removesuffix(f", {tail}") if tail else other
    phase = "" if question.phase == "forward" else f", {PHASES[question.phase]}"
    batch = f", batch {question.batch}" if question.batch > 1 else ""
    return f"{other} / {one}{_grid(question)}{phase}{batch}"


def _side(side: Network | str, question: Question) -> str:
    if isinstance(side, str):
        return side.removeprefix("operation: ")
    grids = {each.input.grid for each in (question.reference, question.other) if isinstance(each, Network)}
    return side.label if len(grids) == 1 else f"{side.label} at {_grid_text(side)}"


def _grid(question: Question) -> str:
    """The grid of a chain of kernels, which its name does not say."""
    sides = (question.reference, question.other)
    networks = [side for side in sides if isinstance(side, Network) and side.source == LABORATORY]
    return f" at {_grid_text(networks[0])}" if len({network.input.grid for network in networks}) == 1 else ""


def _grid_text(network: Network) -> str:
    height, width = network.input.grid
    return str(height) if height == width else f"{height}x{width}"


def said(question: Question, answer: Answer) -> str:
    """One line of a log: `timed 3x3,3x3 / 5x5 at 35   0.82x [0.80, 0.84]   16 rounds`."""
    if isinstance(answer, Failure):
        return f"not timed {what_of(question)}: {answer.reason}"
    return f"timed {what_of(question)}   {ratio_text(answer.against.ratio)}   {many(len(answer.other.sample.seconds), 'round')}"
