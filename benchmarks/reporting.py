"""Whether reports and drawings are as fast and as small as promised, by `python -m benchmarks.reporting`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.lines import Line, Part, Target, document
from benchmarks.timing import BARE, COMMAND, interleaved, process
from inception_analyzer.report.write import Format, write

LARGEST = 1_500_000  # bytes of the page
REPORT_SECONDS, DRAW_SECONDS = 20, 1.5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reporting", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of each command")
    parser.add_argument("--format", choices=("table", "markdown"), default="table")
    asked = parser.parse_args()
    form: Format = asked.format
    with tempfile.TemporaryDirectory() as folder:
        parts = [reports(Path(folder), asked.rounds), drawings(Path(folder), asked.rounds)]
    write(document("reports against their targets", parts, asked.rounds), form, "-")


def reports(folder: Path, rounds: int) -> Part:
    """A whole report without the clock: counts, identities, every figure, the page."""
    command = [*COMMAND, "report", "--quick", "-o", str(folder)]
    times = interleaved({"base": process(BARE), "quick": process(command)}, rounds, "report", warm_ups=0)
    lines = (
        Line("import typer and rich", times["base"]),
        Line("report --quick", times["quick"], times["base"], Target("<=", 1000 * REPORT_SECONDS, "ms")),
        Line("bytes of report.html", target=Target("<=", LARGEST, ""), found=(folder / "report.html").stat().st_size),
    )
    return Part("report", "Counts, identities, every figure and the page, in a fresh process.", lines)


def drawings(folder: Path, rounds: int) -> Part:
    """The network with the most layers among the drawn ones, as files and for the terminal."""
    files = {form: [*COMMAND, "draw", "v4", "-o", str(folder / f"v4.{form}")] for form in ("svg", "png", "mmd")}
    runs = {"base": process(BARE), "terminal": process([*COMMAND, "draw", "v4"])}
    runs |= {form: process(command) for form, command in files.items()}
    times = interleaved(runs, max(rounds, 5), "draw")
    limit = Target("<=", 1000 * DRAW_SECONDS, "ms")
    lines = (
        Line("import typer and rich", times["base"]),
        *(Line(f"draw v4 -o v4.{form}", times[form], times["base"], limit) for form in files),
        Line("draw v4", times["terminal"], times["base"], limit),
    )
    return Part("draw", "Inception-v4 drawn in a fresh process.", lines)


if __name__ == "__main__":
    main()
