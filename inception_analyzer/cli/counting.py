"""The commands that count: nothing here waits for a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from inception_analyzer.cli.finding import Wanted
from inception_analyzer.cli.options import (
    Answer,
    Device,
    Exact,
    Form,
    Image,
    Kind,
    Model,
    Models,
    Plain,
    Target,
    Threads,
    Timing,
    Way,
    Weighing,
    app,
    known_names,
    timed,
)
from inception_analyzer.cli.timing import measured_beside, with_ceilings
from inception_analyzer.count import count as count_of
from inception_analyzer.errors import DIFFERS, FINE, AnalyzerError
from inception_analyzer.evidence import Count
from inception_analyzer.expressions import derivation_between, load, parse, resolve
from inception_analyzer.networks import ALIASES, NETWORKS, short_name
from inception_analyzer.outline import Part, find, outline
from inception_analyzer.passes import GROUPS, PASSES, applicable, would_apply
from inception_analyzer.place import place
from inception_analyzer.report.document import Document
from inception_analyzer.report.shown import Grouping
from inception_analyzer.report.write import check_target
from inception_analyzer.rules import Derived, derive

if TYPE_CHECKING:
    from inception_analyzer.report.compared import Compared

Listed = Literal["networks", "passes", "claims", "contradictions"]

LARGEST_BATCH = 1_048_576
MANY = 24  # names in an error


@app.command("list")
def list_command(
    what: Annotated[Listed, typer.Argument(help="What to list.")] = "networks",
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer:
    """The networks, the passes that rewrite them, the claims that are judged, or where the texts contradict each other."""
    from inception_analyzer.report import listing

    check_target(output, form)
    if what == "claims":
        from inception_analyzer.claims import HANDLES, SECTIONS

        return Answer(listing.claims(SECTIONS, HANDLES), form, output, plain)
    if what == "contradictions":
        from inception_analyzer.claims import HANDLES
        from inception_analyzer.claims.contradictions import told
        from inception_analyzer.report import contradicted

        return Answer(contradicted.document(told(), HANDLES), form, output, plain)
    if what == "passes":
        changes = {name: [short_name(key) for key in NETWORKS if would_apply(load(key), name)] for name in PASSES}
        return Answer(listing.passes(list(PASSES.values()), GROUPS, changes), form, output, plain)
    counts = [count_of(load(name)) for name in NETWORKS]
    return Answer(listing.networks(counts, ALIASES), form, output, plain)


@app.command()
def show(
    model: Model,
    block: Annotated[str | None, typer.Argument(help="One block of it: 6c, or a path such as mixed_6c.double7x7.")] = None,
    depth: Annotated[int, typer.Option("--depth", "-d", min=1, help="Levels: 1 stages, 2 blocks, 3 branches, 4 layers.")] = 2,
    by: Annotated[Grouping | None, typer.Option("--by", help="A flat table instead of a tree.")] = None,
    image: Image = None,
    convention: Way = "paper-mac",
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer:
    """One network as a tree: kernels, shapes, parameters, multiply-adds and their shares."""
    from inception_analyzer.report import shown

    check_target(output, form)
    count, whole = _counted(model, image)
    focus = part_called(whole, block, model) if block is not None else None
    levels = max(depth, 4) if focus and depth == 2 else depth
    return Answer(shown.document(count, whole, focus=focus, depth=levels, by=by, convention=convention), form, output, plain)


@app.command("count")
def count_command(
    models: Annotated[list[str] | None, typer.Argument(help="Networks: v1 v3 ...", autocompletion=known_names)] = None,
    every: Annotated[bool, typer.Option("--all", help="All networks.")] = False,
    cross_check: Annotated[
        bool, typer.Option("--cross-check", help="Count by torch and fvcore too; exit 1 where they differ.")
    ] = False,
    image: Image = None,
    batch: Annotated[int, typer.Option("--batch", "-b", min=1, max=LARGEST_BATCH, help="Images at once.")] = 1,
    convention: Way = "paper-mac",
    exact: Exact = False,
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer:
    """Parameters, multiply-adds forward and backward, activations, traffic and depth."""
    from inception_analyzer.report import counted

    check_target(output, form)
    counts = [_count(name, image) for name in _chosen(models, every)]
    document = counted.document(counts, batch=batch, convention=convention, exactly=exact)
    code = FINE
    if cross_check:
        document, code = _cross_checked(document, counts)
    return Answer(document, form, output, plain, code)


@app.command()
@timed(Timing(phase="forward,backward,train-step", budget="30s"))
def compare(
    models: Models,
    timing: Timing,
    measure: Annotated[bool, typer.Option("--measure/--no-measure", help="Whether to time the networks too.")] = True,
    blocks: Annotated[
        bool, typer.Option("--blocks/--no-blocks", help="Whether to put each block under the machine's roofline.")
    ] = True,
    memory: Weighing = False,
    image: Image = None,
    convention: Way = "paper-mac",
    exact: Exact = False,
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer:
    """Networks against the first of them: totals, ratios, where the work lies, then how long it takes here, and why."""
    from inception_analyzer.report import beside, compared

    check_target(output, form)
    if len(models) < 2:
        raise AnalyzerError(
            "a comparison needs at least two networks", ("for example", f"inception-analyze compare {models[0]} v3")
        )
    networks = [_compared(name, image) for name in models]
    twin = _twin(networks) if convention == "paper-mac" else None
    document = compared.document(networks, twin=twin, convention=convention, exactly=exact)
    if not measure:
        return Answer(document, form, output, plain)
    asked, counts = timing.asked(), [one.count for one in networks]
    wanted = Wanted(peaks=memory, blocks=blocks, strict=timing.strict)
    return Answer(
        document,
        form,
        output,
        plain,
        more=lambda: measured_beside(counts, asked, beside.columns_beside, wanted),
    )


@app.command()
def rewrite(
    model: Model,
    passes: Annotated[
        list[str] | None, typer.Option("--passes", "-p", metavar="PASS,PASS", help="Passes to run, in this order.")
    ] = None,
    source: Annotated[bool, typer.Option("--source", help="The new network as readable constructor code.")] = False,
    exact: Exact = False,
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer:
    """A network rewritten by passes: each step with what it saves, the totals, the new network as code."""
    from inception_analyzer.report import derived

    check_target(output, form)
    expression = parse(model).then(tuple(name for text in passes or () for name in text.split(",")))
    rewritten = resolve(str(expression))
    if not expression.passes:
        would = ("passes", "  ".join([*GROUPS, *applicable(rewritten.network)]))
        raise AnalyzerError(
            f"nothing to do to {model}", would, ("for example", f"inception-analyze rewrite {model}@unfactorized")
        )
    return Answer(derived.document(derive(rewritten), source=source, exactly=exact), form, output, plain)


@app.command()
def env(
    ceilings: Annotated[bool, typer.Option("--ceilings", help="What the devices reached at best here.")] = False,
    renew: Annotated[bool, typer.Option("--renew", help="Measure the ceilings anew, for a few seconds.")] = False,
    device: Device = "auto",
    dtype: Kind = "fp32",
    threads: Threads = 1,
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer:
    """The machine and the programs that results depend on, and with --ceilings how fast it can be."""
    from inception_analyzer.lab.machine import fingerprint
    from inception_analyzer.report import environment

    check_target(output, form)
    document = environment.document(fingerprint())
    return Answer(with_ceilings(document, device, dtype, threads, renew=renew) if ceilings else document, form, output, plain)


def _chosen(models: list[str] | None, every: bool) -> list[str]:
    if every:
        return list(NETWORKS)
    if not models:
        raise AnalyzerError("nothing to count", ("instead", "name networks, or --all"), ("described", "inception-analyze list"))
    return models


def _counted(expression: str, image: str | None) -> tuple[Count, Part]:
    """A network's count, and its outline over the same image."""
    count = _count(expression, image)
    return count, outline(place(count.network, count.input))


def _compared(expression: str, image: str | None) -> Compared:
    from inception_analyzer.report.compared import Compared

    rewritten = resolve(expression, image)
    count = count_of(rewritten.network)
    return Compared(count, outline(place(rewritten.network)), rewritten)


def _twin(networks: list[Compared]) -> Derived | None:
    """How the second of two networks came from the first, where it did."""
    between = derivation_between(networks[0].rewritten, networks[1].rewritten) if len(networks) == 2 else None
    return derive(between) if between else None


def _count(expression: str, image: str | None) -> Count:
    return count_of(resolve(expression, image).network)


def part_called(whole: Part, block: str, model: str) -> Part:
    """The part of this name or path; blocks go before what is inside them."""
    found = find(whole, block)
    outer = [part for part in found if part.role == "stage" or "." not in part.path]
    if len(outer or found) == 1:
        return (outer or found)[0]
    if found:
        paths = ", ".join(part.path or part.name for part in found[:MANY])
        raise AnalyzerError(f"{model} has {len(found)} parts called {block}", ("paths", paths), word=block)
    blocks = [inner.name for stage in whole.parts for inner in stage.parts]
    more = f"  ... {len(blocks) - MANY} more" if len(blocks) > MANY else ""
    described = ("described", f"inception-analyze show {model} --depth 3")
    raise AnalyzerError(f"{model} has no block {block}", ("blocks", "  ".join(blocks[:MANY]) + more), described, word=block)


def _cross_checked(document: Document, counts: list[Count]) -> tuple[Document, int]:
    from dataclasses import replace

    from inception_analyzer.lab.crosscheck import cross_check
    from inception_analyzer.report import crosschecked
    from inception_analyzer.report.progress import progress

    checks = [cross_check(count.network, count.input) for count in progress(counts, "counting by hand, torch and fvcore")]
    joined = replace(
        document,
        sections=(*document.sections, *crosschecked.sections(checks)),
        flat=lambda: crosschecked.beside(document.flat(), checks),
        data=lambda: {**document.data(), "cross_checks": crosschecked.records(checks)},
    )
    return joined, FINE if all(check.agree for check in checks) else DIFFERS
