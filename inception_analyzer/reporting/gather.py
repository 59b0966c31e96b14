"""Step by step to a story: what fails is told as failed, what is interrupted as interrupted, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from inception_analyzer.claims.judging import Judged
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.document import Document
from inception_analyzer.report.story import Pair, Part, State, Story
from inception_analyzer.timings import Failure, Measurement, Memory, Roof

NOTHING = "nothing of it was finished"


@dataclass(slots=True)
class Gathering:
    """What is known so far; steps add to it."""

    networks: tuple[Compared, ...] = ()
    pairs: list[Pair] = field(default_factory=list)
    judged: tuple[Judged, ...] = ()
    measured: list[Measurement | Failure] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)
    roofs: list[Roof] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    interrupted: bool = False  # set by a step that keeps what it has


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the report and how it comes about."""

    name: str
    title: str
    caption: str
    run: Callable[[Gathering], Document]
    seconds: float = 0.0  # of the budget


Announce = Callable[[str, int, int], None]
Save = Callable[[Story], None]


def gather(
    steps: Sequence[Step],
    known: Gathering,
    announce: Announce,
    *,
    command: str,
    made: str,
    machine: Mapping[str, Any],
    save: Save = lambda _: None,
) -> Story:
    """All steps in order; from an interruption on, parts are told as interrupted. Who saves gets what every clock gave."""
    parts: list[Part] = []
    for number, step in enumerate(steps, 1):
        if known.interrupted:
            break
        announce(step.title, number, len(steps))
        parts.append(_part(step, known))
        if step.seconds:
            save(_story([*parts, *_not_begun(steps[number:])], known, command, made, machine))
    return _story([*parts, *_not_begun(steps[len(parts) :])], known, command, made, machine)


def _not_begun(steps: Sequence[Step]) -> list[Part]:
    return [_without(step, "interrupted", "it had not begun") for step in steps]


def _part(step: Step, known: Gathering) -> Part:
    try:
        document = step.run(known)
    except KeyboardInterrupt:
        known.interrupted = True
        return _without(step, "interrupted", NOTHING)
    except (AnalyzerError, RuntimeError, MemoryError, OSError) as error:
        return _without(step, "failed", str(error).partition("\n")[0] or type(error).__name__)
    except Exception as error:
        # A fault of ours in one part must not cost what was measured for the others.
        return _without(step, "failed", f"a fault in inception-analyze itself: {type(error).__name__}: {error}")
    part = Part(step.name, step.title, step.caption, document)
    if not known.interrupted:
        return part
    if not document.flat().rows:
        return _without(step, "interrupted", NOTHING)
    return replace(part, state="interrupted", reason="what was finished stands here")


def _without(step: Step, state: State, reason: str) -> Part:
    return Part(step.name, step.title, step.caption, None, state, reason)


def _story(parts: Sequence[Part], known: Gathering, command: str, made: str, machine: Mapping[str, Any]) -> Story:
    return Story(
        command=command,
        made=made,
        machine=machine,
        parts=tuple(parts),
        networks=known.networks,
        pairs=tuple(known.pairs),
        judged=known.judged,
        measured=tuple(known.measured),
        memory=tuple(known.memory),
        roofs=tuple(known.roofs),
        kept=known.kept,
    )
