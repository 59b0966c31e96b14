"""Table 1 of 'Going deeper with convolutions': its own columns of parameters and operations beside its widths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from inception_analyzer.claims.counted import at, block
from inception_analyzer.claims.judging import fits, of
from inception_analyzer.claims.model import Amount, Condition, Figures, Finding, Fit, SubCheck, Verdict, number_of, say
from inception_analyzer.cost import own_cost
from inception_analyzer.inquiry import Evidence
from inception_analyzer.place import Placed, places

K, M = 1e3, 1e6
BINARY_K = 1024.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row as printed: the places that it sums up, thousands of parameters, millions of operations."""

    name: str
    paths: tuple[str, ...]
    params: float
    ops: float
    recorded: Verdict = "holds-rounded"


def _module(name: str, params: float, ops: float, recorded: Verdict = "holds-rounded") -> Row:
    return Row(name, (f"inception_{name}",), params, ops, recorded)


ROWS = (
    Row("conv1", ("conv1_depthwise", "conv1"), 2.7, 34),
    Row("conv2", ("conv2_reduce", "conv2"), 112, 360),
    _module("3a", 159, 128),
    _module("3b", 380, 304),
    _module("4a", 364, 73, "depends"),
    _module("4b", 437, 88),
    _module("4c", 463, 100),
    _module("4d", 580, 119),
    _module("4e", 840, 170),
    _module("5a", 1072, 54, "does-not-reproduce"),
    _module("5b", 1388, 71),
    Row("linear", ("linear",), 1000, 1),
)

# Its first row is printed as a 7x7/2, with the parameters and operations of a separable one.
NETWORK = "googlenet-separable"


def weights_of(here: Placed) -> int:
    """Weights of a place and everything in it, without biases: multiply-adds at one place of the map."""
    return sum(own_cost(one).macs // (one.writes.height * one.writes.width) for one in places(here))


def operations() -> Figures:
    """Multiply-adds of each row."""
    return {f"row.{row.name}": sum(block(NETWORK, path).macs for path in row.paths) for row in ROWS}


def weights() -> Figures:
    """Weights of each row."""
    return {f"row.{row.name}": sum(weights_of(at(NETWORK, path)) for path in row.paths) for row in ROWS}


def as_printed(found: float, printed: float) -> Fit:
    """Whether a figure is the printed one, or rounds to it at its last printed place."""
    last_place = 1.0 if float(printed).is_integer() else 0.1
    return "rounded" if fits(found, printed) == "not" and abs(found - printed) <= last_place / 2 else fits(found, printed)


def operation_checks() -> tuple[SubCheck, ...]:
    """One for each row, so that no width can change unseen."""
    return tuple(
        SubCheck(
            f"row-{row.name}",
            f"Table 1: {row.name} takes {row.ops:g}M operations.",
            f"{row.ops:g}M",
            partial(_judge_operations, row),
            row.recorded,
        )
        for row in ROWS
    )


def _judge_operations(row: Row, evidence: Evidence) -> Finding:
    """Rounded, or else with the decimals left off: where only that gives what is printed, the row depends on it."""
    found = Amount(evidence[f"row.{row.name}"], "macs")
    whole, cut_off = (number_of(int(found.value / M + extra)) for extra in (1 / 2, 0))
    printed = ("printed", number_of(row.ops))
    rounded = Condition(f"{row.name}, rounded", found, as_printed(found.value / M, row.ops), (printed, ("rounded", whole)))
    cut = Condition(f"{row.name}, decimals left off", found, fits(cut_off.value, row.ops), (printed, ("left off", cut_off)))
    if (rounded.fit, cut.fit) != ("not", "exactly"):
        return Finding(of([rounded]), say("{}", found), say("its widths give {}, rounded {}", found, whole), (rounded,))
    reason = say("its widths give {}, rounded {}, and {} only where its decimals are left off", found, whole, cut_off)
    return Finding(of([rounded, cut]), say("{}", found), reason, (rounded, cut))


def judge_parameters(evidence: Evidence) -> Finding:
    """Each row with K as 1000 and as 1024; it is as printed if one of the two is."""
    conditions = tuple(_row_of_parameters(evidence, row) for row in ROWS)
    fitting, every = number_of(sum(one.fit != "not" for one in conditions)), number_of(len(conditions))
    whole = Amount(sum(evidence[f"row.{row.name}"] for row in ROWS), "params")
    printed = [Amount(sum(row.params for row in ROWS) * unit, "params") for unit in (K, BINARY_K)]
    names = ", ".join(row.name for row, one in zip(ROWS, conditions, strict=True) if one.fit != "not")
    words = f"{{}} of {{}} rows are as their widths say ({names or 'none'}); the widths of all sum to {{}}, "
    words += "the printed rows to {}, or {} where K is 1,024"
    reason = say(words, fitting, every, whole, *printed)
    return Finding(of(conditions), say("{} of {} rows", fitting, every), reason, conditions)


def _row_of_parameters(evidence: Evidence, row: Row) -> Condition:
    found = evidence[f"row.{row.name}"]
    readings = (as_printed(found / K, row.params), as_printed(found / BINARY_K, row.params))
    fit: Fit = next((one for one in readings if one != "not"), "not")
    return Condition(f"{row.name}, printed {row.params:g}K", Amount(found, "params"), fit)
