"""Whether judging is as fast as promised: claims on counts, on identities and on time, by `python -m benchmarks.judging`."""

from __future__ import annotations

import argparse

from benchmarks.lines import Line, Part, Target, document
from benchmarks.timing import BARE, COMMAND, Times, interleaved, process
from inception_analyzer.claims import CLAIMS
from inception_analyzer.report.quantity import many
from inception_analyzer.report.write import Format, write

COUNTS = "verify --no-measure --counts-only"
IDENTITIES = "verify --no-measure"
BUDGET = 60  # seconds, the default


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judging", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the part that takes no torch")
    parser.add_argument("--format", choices=("table", "markdown"), default="table")
    asked = parser.parse_args()
    form: Format = asked.format
    parts = [counts(asked.rounds), identities(), measured()]
    write(document("judging against its targets", parts, asked.rounds), form, "-")


def counts(rounds: int) -> Part:
    """All claims on counts alone, beside the bare import of what a command line is made of."""
    times = interleaved({"base": process(BARE), COUNTS: process([*COMMAND, *COUNTS.split()])}, rounds, "counts")
    lines = (Line("import typer and rich", times["base"]), Line(COUNTS, times[COUNTS], times["base"], Target("<=", 8, "x")))
    return Part("counts", f"{many(len(CLAIMS), 'claim')} judged in a fresh process.", lines)


def identities() -> Part:
    """The same with every identity run, torch imported and all."""
    times = interleaved({IDENTITIES: process([*COMMAND, *IDENTITIES.split()])}, 3, "identities")
    line = Line(IDENTITIES, times[IDENTITIES], target=Target("<=", 15_000, "ms"))
    return Part("identities", "Torch imported and every identity run.", (line,))


def measured() -> Part:
    """The whole command beside its budget: what it does before the clock runs is taken from it."""
    whole = interleaved({"whole": process([*COMMAND, "verify", "--budget", f"{BUDGET}s"])}, 1, "measured", warm_ups=0)["whole"]
    line = Line(f"verify --budget {BUDGET}s", whole, Times((float(BUDGET),)), Target("<=", 1.1, "x"))

    note = "What does not fit in the budget is left out and says so."
    return Part("measured", "Counts, identities and every question of time within one budget.", (line,), (note,))


if __name__ == "__main__":
    main()
