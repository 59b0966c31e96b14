"""Everything that wants a GPU, in one go: marked tests, ceilings, comparisons and kernel tables, by `python -m benchmarks.gpu`.

Each step runs in a process of its own and writes its files at its end, so that whatever stops one, the others stand.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from inception_analyzer.__main__ import joined
from inception_analyzer.cli import Answer, answer_to
from inception_analyzer.errors import FAILED, FINE, AnalyzerError
from inception_analyzer.report.write import Format, write, write_file

FOLDER = "reports/gpu"
BUDGET = "60s"  # of each step that measures
PATIENCE = 900.0  # seconds for a step

GRIDS = "--grid 149,73,35,17,8 --batch 1,32"
PHASES = "--phase forward,backward,train-step --batch 1,32 --memory"
HALF = "--dtype bf16 --layout channels-last"

TESTS = "tests"
FORMS: dict[str, Format] = {".md": "markdown", ".json": "json"}

# What is asked of the command line, by the name of the files that hold the answer.
STEPS: dict[str, str] = {
    "compare-v1-v3": f"compare v1 v3 {PHASES}",
    "compare-v1-v3-bf16": f"compare v1 v3 {PHASES} {HALF}",
    "compare-v3-unfactorized": f"compare v3 v3@unfactorized {PHASES}",
    "compare-v3-unfactorized-bf16": f"compare v3 v3@unfactorized {PHASES} {HALF}",
    "kernel-7x7": f"kernel 7x7 1x7,7x1 --measure {GRIDS}",
    "kernel-5x5": f"kernel 5x5 3x3,3x3 --measure {GRIDS}",
    "kernel-3x3": f"kernel 3x3 1x3,3x1 --measure {GRIDS}",
    "graphs": "measure v1 v3 --mode cuda-graph --phase forward,train-step",
    "noise": "measure v1 --aa --batch 32",
    "ceilings": "env --ceilings",
}


def main() -> None:
    """Run the steps, each by itself, and list what they wrote."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"all of them if none is named: {', '.join([TESTS, *STEPS])}")
    parser.add_argument("--output", "-o", default=FOLDER, help=f"the folder to write, {FOLDER} if not said")
    parser.add_argument("--device", default="cuda", help="cuda, or another one")
    parser.add_argument("--budget", default=BUDGET, help=f"of each step that measures, {BUDGET} if not said")
    parser.add_argument("--here", action="store_true", help="in this process, as each step is run")
    asked = parser.parse_args()
    if unknown := set(asked.steps) - {TESTS, *STEPS}:
        parser.error(f"no step is called {', '.join(sorted(unknown))}")
    folder = Path(asked.output)
    folder.mkdir(parents=True, exist_ok=True)
    if asked.here:
        sys.exit(max(written(name, asked.device, asked.budget, folder) for name in asked.steps))
    sys.exit(each_by_itself(asked.steps or [TESTS, *STEPS], asked.device, asked.budget, folder))


def each_by_itself(names: Sequence[str], device: str, budget: str, folder: Path) -> int:
    """Every step in a fresh process; the worst of their exit codes."""
    codes = []
    for name in names:
        begun = time.monotonic()
        command = [sys.executable, "-m", "benchmarks.gpu", name, "--here", "--output", str(folder)]
        command += ["--device", device, "--budget", budget]
        try:
            codes.append(subprocess.run(command, check=False, timeout=PATIENCE).returncode)
        except subprocess.TimeoutExpired:
            codes.append(FAILED)
        print(f"{name}: exit code {codes[-1]} after {time.monotonic() - begun:.0f} s", flush=True)
        write_file(folder / "README.md", index(folder))
    return max(codes)


def written(name: str, device: str, budget: str, folder: Path) -> int:
    """One step run here, and its files."""
    if name == TESTS:
        return tested(folder)
    try:
        answer = asked_of(name, device, budget)
        more = answer.more() if answer.more else None
    except AnalyzerError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return error.code
    for suffix, form in FORMS.items():
        write(joined(answer.document, more) if more else answer.document, form, str(folder / f"{name}{suffix}"))
    return (more.code if more else FINE) or answer.code


def asked_of(name: str, device: str, budget: str) -> Answer:
    """What the command line answers to a step."""
    words = STEPS[name].split()
    how = [] if words[0] == "env" else ["--budget", budget]
    arguments = [*words, "--device", device, *how]
    answer = answer_to(arguments)
    assert isinstance(answer, Answer)
    return answer


def tested(folder: Path) -> int:
    """The marked tests, and what they say of those that were skipped."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "gpu", "-q", "-ra", "-p", "no:cacheprovider"],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    write_file(folder / f"{TESTS}.txt", ran.stdout)
    print(ran.stdout, end="")
    return FAILED if ran.returncode else FINE


def index(folder: Path) -> str:
    """What lies there, and which command each file answers."""
    told = {f"{TESTS}.txt": "the tests marked `gpu`"} | {f"{name}.md": f"`inception-analyze {STEPS[name]}`" for name in STEPS}
    lines = [f"- [{name}]({name}): {what}" for name, what in told.items() if (folder / name).is_file()]
    return "\n".join(["# On a GPU", "", "Written by `python -m benchmarks.gpu`, each on the device it names.", "", *lines, ""])


if __name__ == "__main__":
    main()
