"""Whether counting is as fast as promised: targets beside ratios measured here, by `python -m benchmarks.counting`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable

from benchmarks.lines import Line, Part, Target, document
from benchmarks.peers import PEERS, absent, vision
from benchmarks.timing import BARE, COMMAND, MODULE, Run, fresh, interleaved, process
from inception_analyzer import Network, cost_of, load, network_names
from inception_analyzer.report.quantity import amounts, exact, listed, many
from inception_analyzer.report.write import Format, write

ADDITIONS = 10**6
FOLDS, BUILDS, BUILD_WARM_UPS = 31, 15, 3


def startup(rounds: int) -> Part:
    """Short commands beside the bare import of what a command line is made of."""
    limits = {
        "--help": 2.5,
        "compare v1 v3 --no-measure": 3.0,
        "compare v3 v3@unfactorized --no-measure": 3.0,
        "count --all": 4.0,
    }
    runs = {"base": process(BARE)} | {f"-m {words}": process([*MODULE, *words.split()]) for words in limits}
    if COMMAND != MODULE:
        runs |= {words: process([*COMMAND, *words.split()]) for words in limits}
    times = interleaved(runs, rounds, "startup")
    lines = [Line("import typer and rich", times["base"])]
    for words, limit in limits.items():
        target, alone = Target("<=", limit, "x"), COMMAND == MODULE
        lines += [] if alone else [Line(words, times[words], times["base"], target)]
        lines.append(Line(f"{'' if alone else '  '}-m {words}", times[f"-m {words}"], times["base"], target if alone else None))
    return Part(
        "startup",
        "A fresh process from start to exit, beside bare imports.",
        tuple(lines),
        (
            "The base only imports typer, rich.console and rich.table.",
            *(("-m is python -m inception_analyzer, without a target of its own.",) if COMMAND != MODULE else ()),
        ),
    )


def peers(rounds: int) -> Part:
    """Our count of two networks beside those of other programs."""
    commands = {name: [sys.executable, "-m", "benchmarks.peers", name] for name in PEERS}
    skipped = {name: peer.missing for name, peer in PEERS.items() if peer.missing}
    counts: dict[str, str] = {}
    for name in PEERS.keys() - skipped.keys():
        try:
            counts[name] = fresh(commands[name])
        except subprocess.CalledProcessError as error:
            skipped[name] = (error.stderr.strip().splitlines() or [f"exit code {error.returncode}"])[-1]
    here = [name for name in PEERS if name in counts]
    ours = process([*COMMAND, "count", "v1", "v3"])
    times = interleaved({"ours": ours} | {name: process(commands[name]) for name in here}, rounds, "peers")
    fastest = min(here, key=lambda name: times[name].median, default="")
    lines = [Line("inception-analyze count v1 v3", times["ours"])]
    lines += [
        Line(PEERS[name].title, times[name], times["ours"], Target(">=", 10, "x") if name == fastest else None) for name in here
    ]
    notes = remarks({name: [int(word) for word in counts[name].split()] for name in here})
    notes += [f"{PEERS[name].title}: skipped, {why}" for name, why in skipped.items()]
    return Part(
        "peers",
        "GoogLeNet and Inception-v3 counted in a fresh process, from start to exit.",
        tuple(lines),
        tuple(notes),
    )


def remarks(counts: dict[str, list[int]]) -> list[str]:
    """What the peers found, and why it is not the same."""
    found = {"ours": [cost_of(load(name)).macs for name in ("v1", "v3")], **counts}
    lines = ["Multiply-adds of both: " + ", ".join(f"{name} {listed(amounts(both))}" for name, both in found.items()) + "."]
    lines += ["Peers count torchvision's; its GoogLeNet has 3x3 for 5x5."] if counts else []
    lines += ["fvcore adds norms and pools."] if "fvcore" in counts else []
    return ["The fastest peer must take 10 times as long as ours; 15 is the aim.", *lines]


def fold(rounds: int) -> Part:
    """Placing and adding up inside a process that has already loaded the networks."""
    every, v3 = [load(name) for name in network_names()], load("v3")
    runs: dict[str, Run] = {"loop": add_up, "all": lambda: [cost_of(network) for network in every], "v3": lambda: cost_of(v3)}
    times = interleaved(runs, max(rounds, FOLDS), "fold")
    loop = times["loop"]
    return Part(
        "fold",
        f"Place and total inside a process, {many(max(rounds, FOLDS), 'round')}.",
        (
            Line(f"{exact(ADDITIONS)} additions in a loop", loop),
            Line(f"all {len(every)} networks", times["all"], loop, Target("<", 100, "ms")),
            Line("v3 alone", times["v3"], loop, Target("<", 5, "ms")),
        ),
        ("A loop of plain Python beside it says how fast this machine is.",),
    )


def build(rounds: int) -> Part:
    """Inception-v3 with its head as a torch module, beside torchvision's."""
    sentence = f"Inception-v3 with its head built as a torch module, {many(max(rounds, BUILDS), 'round')}."
    if missing := absent(("torch", "torchvision")):
        return Part("build", sentence, (), (f"Skipped, {missing}",))
    import torch

    from inception_analyzer.lab.build import build as built

    network, theirs = load("v3"), vision().inception_v3

    def on_meta() -> object:
        with torch.device("meta"):
            return theirs(weights=None, init_weights=False)

    runs: dict[str, Run] = {
        "theirs on cpu": lambda: theirs(weights=None, init_weights=False),
        "ours on cpu": lambda: built(network, aux=True),
        "theirs on meta": on_meta,
        "ours on meta": lambda: built(network, aux=True, device="meta"),
    }
    times = interleaved(runs, max(rounds, BUILDS), "build", warm_ups=BUILD_WARM_UPS)
    unfit, numbers = unfit_weights(network)
    return Part(
        "build",
        sentence,
        (
            Line("torchvision on cpu", times["theirs on cpu"]),
            Line("ours on cpu", times["ours on cpu"], times["theirs on cpu"], Target("<=", 1, "x")),
            Line("torchvision on meta", times["theirs on meta"]),
            Line("ours on meta", times["ours on meta"], times["theirs on meta"], Target("<=", 1.25, "x")),
            Line("weights infinite, NaN or denormal", target=Target("<=", 0, ""), found=unfit),
        ),
        (
            "On cpu both fill their weights with random numbers; on meta there are none.",
            f"All {exact(numbers)} numbers of ours were looked at.",
        ),
    )


PARTS: dict[str, Callable[[int], Part]] = {"startup": startup, "peers": peers, "fold": fold, "build": build}


def add_up() -> int:
    """What any machine with Python can do, to read milliseconds of another one by."""
    total = 0
    for number in range(ADDITIONS):
        total += number
    return total


def unfit_weights(network: Network) -> tuple[int, int]:
    """Numbers of a built network that are not finite or too small to be normal, and how many there are."""
    import torch

    from inception_analyzer.lab.build import build as built

    unfit = numbers = 0
    for values in built(network, aux=True).state_dict().values():
        if values.is_floating_point():
            small = (values != 0) & (values.abs() < torch.finfo(values.dtype).tiny)
            unfit += int((small | ~values.isfinite()).sum())
            numbers += values.numel()
    return unfit, numbers


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.counting", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="rounds of each part (fold and build take more)")
    parser.add_argument("--only", choices=PARTS, help="one part of the four")
    parser.add_argument("--format", choices=("table", "markdown"), default="table")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds is at least 1")
    form: Format = asked.format
    parts = [PARTS[name](asked.rounds) for name in PARTS if asked.only in (None, name)]
    write(document("counting against its targets", parts, asked.rounds), form, "-")


if __name__ == "__main__":
    main()
