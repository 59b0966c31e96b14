"""The steps of a report in the order in which a reader meets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from inception_analyzer.claims import CLAIMS, HANDLES
from inception_analyzer.claims.contradictions import told
from inception_analyzer.claims.judging import Judged, judged
from inception_analyzer.inquiry import Answer, Answered
from inception_analyzer.kernel import bench, parse_chain
from inception_analyzer.report import contradicted, grids, timed, verified
from inception_analyzer.report.document import Document, Note, Table
from inception_analyzer.report.quantity import many
from inception_analyzer.reporting import counted
from inception_analyzer.reporting.gather import Gathering, Step

CHANNELS = (64,)

Identities = Callable[[], Mapping[str, Mapping[str, float]]]
Answers = Callable[[Gathering], Mapping[object, Answer]]


def counted_steps(identities: Identities, answers: Answers | None = None, seconds: float = 0.0) -> tuple[Step, ...]:
    """What needs no clock, but for the questions of claims where somebody answers them in so many seconds."""
    return (
        Step("networks", "Networks", "Each at its own input size, one image, without auxiliary heads.", _networks),
        Step("twins", "What factorization saves", "Each network beside itself with its factorizations undone.", _twins),
        *(_comparison(left, right) for left, right in counted.PAIRS),
        Step("scaling", "Wider and larger", "Multiply-adds by width and by the side of the image.", _scaling),
        Step(
            "claims",
            "Claims",
            "What the papers and their retellings say about cost, and what is found here.",
            _claims(identities, answers),
            seconds,
        ),
        Step(
            "contradictions", "Where the texts contradict each other", "Who says what, and what was counted.", _contradictions
        ),
    )


def kernel_name(other: str) -> str:
    """The name of the part that tells of a swap: `kernels-3x3-3x3`."""
    return f"kernels-{other.replace(',', '-')}"


def counted_kernels(swaps: Sequence[tuple[str, str]], sides: Sequence[int]) -> tuple[Step, ...]:
    """The swaps of kernels by grid, where nobody times them."""
    return tuple(
        Step(
            kernel_name(other), f"{other} in place of {one}", "Multiply-adds by grid, 64 channels.", _kernel(one, other, sides)
        )
        for one, other in swaps
    )


def _kernel(one: str, other: str, sides: Sequence[int]) -> Callable[[Gathering], Document]:
    chains = parse_chain(one), parse_chain(other)
    return lambda _: grids.counted([grids.Place(bench(*chains, CHANNELS, side), CHANNELS) for side in sides])


def _scaling(_: Gathering) -> Document:
    return counted.scaling_document()


def _contradictions(_: Gathering) -> Document:
    return contradicted.document(told(), HANDLES)


def _networks(known: Gathering) -> Document:
    known.networks = counted.networks()
    return counted.networks_document(known.networks)


def _twins(_: Gathering) -> Document:
    return counted.twins_document(counted.derived_twins())


def _comparison(left: str, right: str) -> Step:
    def run(known: Gathering) -> Document:
        pair = counted.pair(left, right)
        known.pairs.append(pair)
        return counted.pair_document(pair)

    return Step(
        f"compare-{left}-{right.replace('@', '-')}",
        f"{left} against {right}",
        "By stage or block by block, aligned by name.",
        run,
    )


def _timed(found: Sequence[Judged]) -> list[Table | Note]:
    """What the clock answered, under a name of its own where it is folded."""
    asked = sum(isinstance(answer, Answered) for one in found for answer in one.answers.values())
    name = f"What the clock says: {many(asked, 'question')} of claims, counted beside measured"
    return [replace(one, fold=name) if isinstance(one, Table) else one for one in timed.sections(found)]


def _claims(identities: Identities, answers: Answers | None) -> Callable[[Gathering], Document]:
    def run(known: Gathering) -> Document:
        found = identities()
        answered = answers(known) if answers is not None else {}
        known.judged = tuple(judged(claim, found, answered) for claim in CLAIMS.values())
        told = "counted, identities run" + (", timed" if answered else "")
        whole = verified.document(known.judged, conditions=told, every=True)
        return verified.joined(whole, _timed(known.judged)) if answered else whole

    return run
