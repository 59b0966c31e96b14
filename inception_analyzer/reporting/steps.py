"""The steps of a report in the order in which a reader meets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inception_analyzer.claims import CLAIMS, HANDLES
from inception_analyzer.claims.contradictions import told
from inception_analyzer.claims.judging import judged
from inception_analyzer.report import contradicted, verified
from inception_analyzer.report.document import Document
from inception_analyzer.reporting import counted
from inception_analyzer.reporting.gather import Gathering, Step

Identities = Callable[[], Mapping[str, Mapping[str, float]]]


def counted_steps(identities: Identities) -> tuple[Step, ...]:
    """What needs no clock: seconds in all, most of them for the identities."""
    return (
        Step("networks", "Networks", "Each at its own input size, one image, without auxiliary heads.", _networks),
        Step(
            "twins", "What factorization saves", "Each network beside the same network with its factorizations undone.", _twins
        ),
        *(_comparison(left, right) for left, right in counted.PAIRS),
        Step(
            "scaling",
            "Wider and larger",
            "Multiply-adds by width and by the side of the image.",
            lambda _: counted.scaling_document(),
        ),
        Step(
            "claims",
            "Claims",
            "What the papers and their retellings say about cost, and what is found here.",
            _claims(identities),
        ),
        Step(
            "contradictions", "Where the texts contradict each other", "Who says what, and what was counted.", _contradictions
        ),
    )


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


def _claims(identities: Identities) -> Callable[[Gathering], Document]:
    def run(known: Gathering) -> Document:
        found = identities()
        known.judged = tuple(judged(claim, found, {}) for claim in CLAIMS.values())
        return verified.document(known.judged, conditions="counted, identities run", every=True)

    return run
