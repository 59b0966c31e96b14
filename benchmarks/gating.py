"""Whether the gate is as quick as promised: ten networks beside their baseline, by `python -m benchmarks.gating`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.lines import Line, Part, Target, document
from benchmarks.timing import BARE, COMMAND, fresh, interleaved, process
from inception_analyzer.report.quantity import many
from inception_analyzer.report.write import Format, write

NAMES = ("v1", "bn-inception", "v2", "v3", "v4", "ir1", "ir2", "vgg16", "resnet50", "resnet152")
CHECK = f"check of {len(NAMES)} networks"
HEAVY = ("torch", "fvcore", "numpy", "pandas", "matplotlib", "jinja2")

LOADED = "import sys; from inception_analyzer.__main__ import run; code = run(sys.argv[1:]); print(code, *sys.modules)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gating", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--format", choices=("table", "markdown"), default="table")
    asked = parser.parse_args()
    form: Format = asked.format
    with tempfile.TemporaryDirectory() as folder:
        baseline = ["--baseline", str(Path(folder) / "inception-costs.json")]
        fresh([*COMMAND, "check", "--update", "--force", *NAMES, *baseline])
        parts = [quick(baseline, asked.rounds), light(baseline)]
    write(document("gating against its targets", parts, asked.rounds), form, "-")


def quick(baseline: list[str], rounds: int) -> Part:
    """The check with all it writes, beside the bare import of what a command line is made of."""
    files = [word for option in ("comment", "junit", "gitlab") for word in (f"--{option}", f"{baseline[1]}.{option}")]
    runs = {
        "base": process(BARE),
        "check": process([*COMMAND, "check", *NAMES, *baseline]),
        "shown": process([*COMMAND, "check", *NAMES, *baseline, *files]),
    }
    times = interleaved(runs, rounds, "check")
    target = Target("<=", 5, "x")
    lines = (
        Line("import typer and rich", times["base"]),
        Line(CHECK, times["check"], times["base"], target),
        Line("the same with every report", times["shown"], times["base"], target),
    )
    return Part("check", "Counted, compared and told in a fresh process.", lines)


def light(baseline: list[str]) -> Part:
    """How many of the heavy guests a check wakes."""
    loaded = fresh([sys.executable, "-c", LOADED, "check", *NAMES, *baseline, "--output", f"{baseline[1]}.txt"]).split()
    woken = [name for name in HEAVY if name in loaded]
    note = (f"{many(len(woken), 'package')} too many: {', '.join(woken)}.",) if woken else ()
    return Part(
        "imports", f"None of {', '.join(HEAVY)}.", (Line("heavy imports", found=len(woken), target=Target("<=", 0, "")),), note
    )


if __name__ == "__main__":
    main()
