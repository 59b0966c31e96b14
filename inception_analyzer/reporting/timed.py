"""The parts of a report that take a clock: networks, kernels, questions of claims, blocks under the roof, and noise."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NoReturn

from inception_analyzer.choices import Phase
from inception_analyzer.claims import HANDLES
from inception_analyzer.claims.judging import Judged, questions_of
from inception_analyzer.claims.model import Claim
from inception_analyzer.cost import cost_of
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Answer, Answered, Question
from inception_analyzer.kernel import as_network, bench, parse_chain
from inception_analyzer.lab.answers import answer_all
from inception_analyzer.lab.ceilings import load_or_measure
from inception_analyzer.lab.machine import machine_key
from inception_analyzer.lab.measure import Entrant, measure, roof_of
from inception_analyzer.lab.memory import training_memory
from inception_analyzer.lab.pairing import Report
from inception_analyzer.report import beside, grids, measured, roofs, timed_grids, weighed
from inception_analyzer.report.document import Document, Note
from inception_analyzer.reporting.counted import FAMILY, GRIDS, SWAPS
from inception_analyzer.reporting.gather import Gathering, Step
from inception_analyzer.reporting.kept import Kept
from inception_analyzer.reporting.steps import CHANNELS, kernel_name
from inception_analyzer.source import to_json
from inception_analyzer.spec import Network
from inception_analyzer.stats import summary
from inception_analyzer.timings import Ceilings, Failure, Measurement, Roof, Setup

# Which share of the budget goes where.
SHARES = {"measured": 0.35, "kernels": 0.2, "claims": 0.35, "roofline": 0.05, "noise": 0.05}

ROOFED = ("v1", "v3")
CALLS: tuple[tuple[Phase, int], ...] = (("forward", 1), ("train-step", 2))
TRAINING_BATCH = 32  # images, as the papers train on one device

Row = Measurement | Failure


@dataclass(frozen=True, slots=True)
class Lab:
    """How everything is measured, what is kept from before, and who is told how far it is."""

    setup: Setup
    kept: Kept
    report: Report

    def share(self, name: str, parts: int = 1) -> Setup:
        """The setup with this part's share of the budget."""
        return replace(self.setup, budget=SHARES[name] * self.setup.budget / parts)


def timed_steps(lab: Lab, machine: Mapping[str, Any]) -> tuple[Step, ...]:
    """What takes a clock, in the order in which a reader meets it."""
    return (
        Step(
            "measured",
            "Measured",
            "Inference of one image and a training step of two, each network beside the first, with 95 % intervals.",
            lambda known: networks_timed(lab, known, machine),
            lab.share("measured").budget,
        ),
        *(
            Step(
                kernel_name(other),
                f"{other} in place of {one}",
                "Counted beside measured by grid, 64 channels, one image. What a claim asked too was timed once, for both.",
                lambda known, one=one, other=other: kernels_timed(lab, known, one, other, machine),  # type: ignore[misc]
                lab.share("kernels", len(SWAPS)).budget,
            )
            for one, other in SWAPS
        ),
        Step("memory", "Memory of training", "Exact on any device: only shapes decide it.", memory_weighed),
        Step(
            "roofline",
            "Blocks under the roof",
            "Each block in a pass of its own, beside the least it could take.",
            lambda known: roofs_measured(lab, known),
            lab.share("roofline").budget,
        ),
        Step(
            "noise",
            "Noise of this machine",
            "The same network twice through the whole protocol.",
            lambda known: noise_measured(lab, known, machine),
            lab.share("noise").budget,
        ),
    )


def networks_timed(lab: Lab, known: Gathering, machine: Mapping[str, Any]) -> Document:
    """The networks of the papers beside the first of them, in inference and in a training step."""
    networks = [load(name) for name in FAMILY]
    share = lab.share("measured", 2)
    for setup in [replace(share, phase=phase, batch=batch) for phase, batch in CALLS]:
        known.measured += _rows(lab, known, "measured", f"{setup.phase}, batch {setup.batch}", networks, setup)
    document = measured.document(known.measured, [], machine, between=_asked_besides(known, networks))
    told = beside.foretold(known.measured, {network.label: cost_of(network).macs for network in networks})
    return replace(document, finding=(*told, *document.finding))


def _asked_besides(known: Gathering, networks: Sequence[Network]) -> tuple[Note, ...]:
    """What claims asked about two of these networks alone, whose answer is another run's."""
    pairs = [
        f"{HANDLES[one.claim.id]} asked for {question.other.label} / {question.reference.label} in rounds of their own and got "
        f"{measured.ratio_text(answer.against.ratio)}: two runs are shown"
        for one, question, answer in _answers(known)
        if question.reference in networks and question.other in networks
        if isinstance(question.reference, Network) and isinstance(question.other, Network)
        if question.work[2:] in CALLS
    ]
    return (Note(("*asked by claims besides*", *pairs), ""),) if pairs else ()


def _answers(known: Gathering) -> list[tuple[Judged, Question, Answered]]:
    """Every answer that the clock gave to a claim."""
    asked = [(one, question, one.answers.get(question.name)) for one in known.judged for question in one.claim.asks()]
    return [(one, question, answer) for one, question, answer in asked if isinstance(answer, Answered)]


def kernels_timed(lab: Lab, known: Gathering, one: str, other: str, machine: Mapping[str, Any]) -> Document:
    """One swap of kernels over the grids, the least work first."""
    places = swap_places(one, other)
    share = lab.share("kernels", len(SWAPS) * len(places))
    cells: list[timed_grids.Timed] = []
    for place in sorted(places, key=lambda place: place.macs):
        chains = (place.bench.reference, place.bench.other)
        networks = [replace(as_network(each, place.bench.grid), expression=grids.label(place, each)) for each in chains]
        key = f"{other} for {one} at {place.bench.grid}"
        rows = _asked_already(lab, known, key, networks) or _rows(lab, known, "kernels", key, networks, share)
        cells += timed_grids.by_setup(place, rows)
    return timed_grids.timed(places, cells, machine)


def _asked_already(lab: Lab, known: Gathering, key: str, networks: Sequence[Network]) -> list[Row]:
    """What a claim got for the same two chains, so that no work is timed twice and told in two ways."""
    for _, question, answer in _answers(known):
        if question.work == (*networks, "forward", 1):
            pairs = zip((answer.reference, answer.other), networks, strict=True)
            rows: list[Row] = [replace(one, sample=replace(one.sample, expression=two.label)) for one, two in pairs]
            lab.kept.put("kernels", key, rows)
            return rows
    return []


def swap_places(one: str, other: str) -> list[grids.Place]:
    """Both chains on every grid."""
    chains = parse_chain(one), parse_chain(other)
    return [grids.Place(bench(*chains, CHANNELS, side), CHANNELS) for side in GRIDS]


def answers_of(lab: Lab, known: Gathering, claims: Iterable[Claim]) -> dict[object, Answer]:
    """The questions of all claims within their share; those that an earlier run answered are not asked again."""
    questions = questions_of(claims)
    found: dict[object, Answer] = {
        question.work: lab.kept.get("claims", key_of(question), _never)
        for question in questions
        if lab.kept.has("claims", key_of(question))
    }
    share = lab.share("claims")
    open_ones = [question for question in questions if question.work not in found]
    try:
        for question, answer in answer_all(open_ones, share, _ceilings(share), lab.report):
            found[question.work] = answer
            if not isinstance(answer, Failure):
                lab.kept.put("claims", key_of(question), answer)
    except KeyboardInterrupt:
        known.interrupted = True
    return found


def key_of(question: Question) -> str:
    """A question by what is run, the same in every process."""
    sides = [side if isinstance(side, str) else _told(side) for side in (question.reference, question.other)]
    return f"{' | '.join(sides)} | {question.phase}, batch {question.batch}"


def memory_weighed(known: Gathering) -> Document:
    """What training each network holds, counted on shapes alone."""
    setup = Setup(phase="train-step", batch=TRAINING_BATCH)
    known.memory += [training_memory(load(name), setup) for name in FAMILY]
    return weighed.document(known.memory)


def roofs_measured(lab: Lab, known: Gathering) -> Document:
    """The blocks of two networks under the roof of the device."""
    networks = [load(name) for name in ROOFED]
    known.roofs += [lab.kept.get("roofline", network.label, partial(_roof, lab, known, network)) for network in networks]
    return roofs.document(known.roofs, [network.family for network in networks])


def _roof(lab: Lab, known: Gathering, network: Network) -> Roof:
    share = replace(lab.share("roofline", len(ROOFED)), phase="forward", batch=1)
    return roof_of(Entrant(network, network.input), share, _ceilings(share), _whole(known, network.label))


def noise_measured(lab: Lab, known: Gathering, machine: Mapping[str, Any]) -> Document:
    """The same network twice through the whole protocol."""
    network = load(FAMILY[0])
    twice = [network, replace(network, expression=f"{network.label} again")]
    rows = _rows(lab, known, "noise", network.label, twice, replace(lab.share("noise"), phase="forward", batch=1, fixed=True))
    return measured.document(rows, [], machine, same_twice=True)


def _rows(lab: Lab, known: Gathering, step: str, key: str, networks: Sequence[Network], setup: Setup) -> list[Row]:
    """Rows that are kept, or measured now; nothing once somebody has interrupted."""
    if known.interrupted and not lab.kept.has(step, key):
        return []
    entrants = [Entrant(network, network.input) for network in networks]
    try:
        return list(lab.kept.get(step, key, lambda: list(measure(entrants, [setup], lab.report))))
    except KeyboardInterrupt:
        known.interrupted = True
        return []


def _whole(known: Gathering, name: str) -> float | None:
    """The median of a network's forward pass, where it was measured."""
    samples = [row.sample for row in known.measured if isinstance(row, Measurement)]
    forward = [one for one in samples if one.expression == name and one.setup.phase == "forward"]
    return summary(forward[0].seconds).median if forward else None


def _ceilings(setup: Setup) -> Ceilings:
    return load_or_measure(machine_key(), setup.device, setup.dtype, setup.threads)


def _told(network: Network) -> str:
    """A network's name and a mark of everything that it is."""
    mark = hashlib.sha256(f"{network.input} {to_json(network.trunk)}".encode()).hexdigest()[:12]
    return f"{network.label} {mark}"


def _never() -> NoReturn:
    raise AssertionError("what is kept is not measured")
