"""The commands that judge: claims of the papers on what is counted, run and timed here."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inception_analyzer.cli.options import Answer, Device, Form, Kind, More, Plain, Target, Threads, app
from inception_analyzer.errors import DIFFERS, FINE, INTERRUPTED, UNDECIDED, AnalyzerError
from inception_analyzer.report.write import check_target

if TYPE_CHECKING:
    from inception_analyzer.claims.judging import Judged
    from inception_analyzer.claims.model import Claim
    from inception_analyzer.inquiry import Answer as Found
    from inception_analyzer.timings import Ceilings, Setup

VERDICTS = ("holds", "holds-rounded", "depends", "does-not-reproduce", "undecided", "quoted")
FIGURES = (".png", ".svg")

Measuring = Annotated[bool, typer.Option("--measure/--no-measure", help="Whether to ask the clock too.")]
Budget = Annotated[
    str,
    typer.Option("--budget", metavar="TIME", help="For identities and times together, half of it for times at least: 45s, 2m."),
]
CountsOnly = Annotated[bool, typer.Option("--counts-only", help="Neither identities nor times: nothing that needs torch.")]


def known_claims(incomplete: str) -> list[str]:
    """Ids for the shell's completion."""
    from inception_analyzer.claims import CLAIMS

    return [name for name in CLAIMS if name.startswith(incomplete)]


@app.command()
def verify(
    claims: Annotated[
        list[str] | None,
        typer.Argument(help="Ids, handles or globs: two-3x3-save-28 A2.weights 'B*'.", autocompletion=known_claims),
    ] = None,
    measure: Measuring = True,
    counts_only: CountsOnly = False,
    only: Annotated[
        str | None, typer.Option("--only", metavar="VERDICT", help=f"Show these only: {', '.join(VERDICTS)}.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Rows for claims that hold too.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 where a claim stays undecided.")] = False,
    budget: Budget = "60s",
    device: Device = "auto",
    dtype: Kind = "fp32",
    threads: Threads = 1,
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer:
    """Every cost claim of the Inception papers, judged on what is built, counted and measured here."""
    from inception_analyzer.claims import find
    from inception_analyzer.report import timed, verified

    check_target(output, form)
    if only is not None and only not in VERDICTS:
        raise AnalyzerError(f"no verdict is called {only}", ("verdicts", ", ".join(VERDICTS)), word=only)
    begun, chosen = time.monotonic(), find(claims or ())
    setup = _setup(budget, device, dtype, threads)
    identities = {} if counts_only else run_identities(chosen)
    judged = [_judged(claim, identities, {}) for claim in chosen]
    shown = _shown(judged, only)
    conditions = "counted" if counts_only else "counted, identities run"
    document = verified.document(shown, conditions=conditions, every=every, chosen=judged)
    code = _code(judged, strict=strict)
    asking = [one.claim for one in shown if one.claim.asks()]
    if not measure or counts_only or not asking:
        return Answer(document, form, output, plain, code)

    def more() -> More:
        answers, machine, stopped = _answers(asking, setup, begun)
        again = [_judged(one.claim, identities, answers) for one in judged]
        rows = [new for old, new in zip(judged, again, strict=True) if old in shown]
        whole = verified.document(rows, conditions=f"{conditions}, timed", every=every, machine=machine, chosen=again)
        sections = (*timed.sections(rows, machine), *verified.settled(shown, rows, again))
        # What is written once, at the end, is the answer as it stands then.
        return More(sections, {}, stopped or _code(again, strict=strict), verified.joined(whole, timed.sections(rows, machine)))

    return Answer(document, form, output, plain, _code(judged, strict=False), more=more)


@app.command()
def explain(
    claim: Annotated[
        str, typer.Argument(help="An id or handle, of a narrower statement too: A2, A2.formula.", autocompletion=known_claims)
    ],
    measure: Measuring = False,
    counts_only: CountsOnly = False,
    budget: Budget = "20s",
    device: Device = "auto",
    dtype: Kind = "fp32",
    threads: Threads = 1,
    form: Form = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="A file, a .png or .svg figure, or -.")] = "-",
    plain: Plain = False,
) -> Answer | int:
    """One claim: who says it where, what was built, every case with its figure, and the grounds of the verdict."""
    from inception_analyzer.claims import HANDLES, find, narrowed
    from inception_analyzer.report import explained

    check_target(output, form, FIGURES)
    begun, found = time.monotonic(), find([claim])
    if len(found) > 1:
        names = "  ".join(f"{HANDLES[one.id]} {one.id}" for one in found[:6])
        raise AnalyzerError(f"{claim} matches {len(found)} claims", ("claims", names), word=claim)
    found = (narrowed(found[0], claim),)
    setup = _setup(budget, device, dtype, threads)
    identities = {} if counts_only else run_identities(found)
    answers, machine, stopped = (
        _answers(found, setup, begun) if measure and not counts_only and found[0].asks() else ({}, {}, FINE)
    )
    judged = _judged(found[0], identities, answers)
    if Path(output).suffix.lower() in FIGURES and form is None:
        from inception_analyzer.report.plot import draw_claim

        draw_claim(judged, Path(output))
        return stopped or _code([judged], strict=False)
    return Answer(explained.document(judged, machine), form, output, plain, stopped or _code([judged], strict=False))


def _judged(claim: Claim, identities: Mapping[str, Mapping[str, float]], answers: Mapping[object, Found]) -> Judged:
    from inception_analyzer.claims.judging import judged

    return judged(claim, identities, answers)


def _shown(judged: list[Judged], verdict: str | None) -> list[Judged]:
    """The rows that were asked for; none of them is wrong use, unless a claim fell out of them that should be there."""
    shown = [one for one in judged if verdict is None or one.finding.verdict == verdict]
    if not shown and not any(one.differing for one in judged):
        raise AnalyzerError(_none_is(judged, verdict or ""), ("instead", "leave --only out"), word=verdict or "")
    return shown


def _none_is(judged: list[Judged], verdict: str) -> str:
    if len(judged) > 1:
        return f"none of {len(judged)} claims is judged {verdict}"
    return f"{judged[0].claim.id} is judged {judged[0].finding.verdict}, not {verdict}"


def _code(judged: Sequence[Judged], *, strict: bool) -> int:
    """Differs where the record says otherwise, undecided where `strict` wants every claim settled."""
    if any(one.differing for one in judged):
        return DIFFERS
    return UNDECIDED if strict and any(one.finding.verdict == "undecided" for one in judged) else FINE


def _setup(budget: str, device: str, dtype: str, threads: int) -> Setup:
    from inception_analyzer.asked import drawn, parse_seconds
    from inception_analyzer.timings import Setup

    return Setup(device=device, dtype=dtype, threads=threads, seed=drawn(), budget=parse_seconds(budget))  # type: ignore[arg-type]


def run_identities(claims: Sequence[Claim], *, quietly: bool = False) -> Mapping[str, Mapping[str, float]]:
    """What the identities that these claims need come to, run now; said one by one unless somebody else says what runs."""
    from inception_analyzer.claims.judging import identities_of

    names = identities_of(claims)
    if not names:
        return {}
    from inception_analyzer.lab.answers import run_identity
    from inception_analyzer.report.progress import progress

    said = names if quietly else progress(names, "running identities")
    return {name: run_identity(name) for name in said}


def _answers(claims: Sequence[Claim], setup: Setup, begun: float) -> tuple[dict[object, Found], dict[str, object], int]:
    """Every question answered within what is left of the budget, the machine, and whether somebody interrupted."""
    from dataclasses import replace

    from inception_analyzer.claims.judging import questions_of
    from inception_analyzer.lab.answers import answer_all
    from inception_analyzer.lab.machine import fingerprint
    from inception_analyzer.lab.measure import device_for
    from inception_analyzer.report.progress import Watch
    from inception_analyzer.report.timed import said

    here = replace(setup, device=device_for(setup.device))
    ceilings = _ceilings(here)
    here = replace(here, budget=_left(setup.budget, time.monotonic() - begun))
    questions = questions_of(claims)
    watch = Watch([f"{len(questions)} questions of {len(claims)} claims"])
    answers: dict[object, Found] = {}
    try:
        for question, answer in answer_all(questions, here, ceilings, watch.round):
            answers[question.work] = answer
            watch.log(said(question, answer))
    except KeyboardInterrupt:
        return answers, fingerprint(here), INTERRUPTED
    finally:
        watch.close()
    return answers, fingerprint(here), FINE


def _left(budget: float, spent: float) -> float:
    """For the clock: what counts, identities and ceilings left of the budget, and half of it at least."""
    return max(budget - spent, budget / 2)


def _ceilings(setup: Setup) -> Ceilings:
    from inception_analyzer.lab.ceilings import load_or_measure
    from inception_analyzer.lab.machine import machine_key

    return load_or_measure(machine_key(), setup.device, setup.dtype, setup.threads)
