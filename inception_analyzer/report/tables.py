"""The tables of a story as CSV with raw numbers: one for each part, and one for each table that a part shows besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_analyzer.align import Pairing, alike, blocks, stages
from inception_analyzer.claims import HANDLES
from inception_analyzer.claims.judging import Judged
from inception_analyzer.inquiry import Question
from inception_analyzer.report import weighed
from inception_analyzer.report.data import flat_csv
from inception_analyzer.report.document import Flat
from inception_analyzer.report.measurements import records
from inception_analyzer.report.records import Record
from inception_analyzer.report.story import Pair, Story
from inception_analyzer.report.timed import counted_ratio
from inception_analyzer.rules import Rule
from inception_analyzer.timings import Failure

BLOCKS = ("block", "grid", "macs_left", "macs_right", "params_left", "params_right", "macs_ratio", "changed", "rules")
TIMES = ("ratio", "ratio_low", "ratio_high", "n", "verdict")
QUESTIONS = (
    *("handle", "id", "question", "reference", "other", "phase", "batch", "macs_ratio", "roof_ratio"),
    *("median_reference_seconds", "median_other_seconds", *TIMES, "error"),
)
RULES = ("letter", "pass", "rule", "blocks", "macs", "macs_share", "params")


def to_tables(story: Story) -> dict[str, str]:
    """A CSV for each table that has rows, by its file's name."""
    parts = {part.name: part.document.flat() for part in story.parts if part.document is not None}
    return {f"{name}.csv": flat_csv(flat) for name, flat in (*_besides(story), *parts.items()) if flat.rows}


def pair_name(pair: Pair) -> str:
    """The name of the part that compares a pair: `compare-v3-v3-unfactorized`."""
    left, right = (one.count.network.label for one in (pair.left, pair.right))
    return f"compare-{left}-{right.replace('@', '-')}"


def _besides(story: Story) -> Iterator[tuple[str, Flat]]:
    """What stands in a part below its first table."""
    asked = [(one, question) for one in story.judged for question in one.claim.asks() if question.name in one.answers]
    yield "claims-measured", Flat(QUESTIONS, tuple(_question(one, question) for one, question in asked))
    yield "memory-blocks", weighed.blocks_flat(story.memory)
    for pair in story.pairs:
        rules = pair.derived.rules if pair.derived else ()
        name = pair_name(pair)
        yield f"{name}-blocks", Flat(BLOCKS, tuple(_block(one, rules) for one in _pairings(pair)))
        yield f"{name}-rules", Flat(RULES, tuple(_rule(one, rules) for one in rules))


def _question(one: Judged, question: Question) -> Record:
    """What a claim asked the clock, with the answer or why there is none; times in seconds."""
    answer = one.answers[question.name]
    sides = [side if isinstance(side, str) else side.label for side in (question.reference, question.other)]
    head = {
        "handle": HANDLES[one.claim.id],
        "id": one.claim.id,
        "question": question.name,
        "macs_ratio": counted_ratio(question),
    }
    asked = {"reference": sides[0], "other": sides[1], "phase": question.phase, "batch": question.batch}
    if isinstance(answer, Failure):
        return {**head, **asked, "error": answer.reason}
    first, second = records([answer.reference, answer.other])
    medians = {
        "median_reference_seconds": first["median"],
        "median_other_seconds": second["median"],
        "roof_ratio": answer.roof_ratio,
    }
    return {**head, **asked, **medians, **{name: second[name] for name in TIMES}}


def _pairings(pair: Pair) -> Sequence[Pairing]:
    """Blocks of one name where the networks share them, stages else."""
    left, right = pair.left.whole, pair.right.whole
    return blocks(left, right) if alike(left, right) else stages(left, right)


def _block(one: Pairing, rules: Sequence[Rule]) -> Record:
    left, right = one.costs
    part = one.left or one.right
    return {
        "block": one.name,
        "grid": (part.writes.height, part.writes.width) if part else None,
        "macs_left": left.macs if one.left else None,
        "macs_right": right.macs if one.right else None,
        "params_left": left.params if one.left else None,
        "params_right": right.params if one.right else None,
        "macs_ratio": right.macs / left.macs if one.right and left.macs else None,
        "changed": one.changed,
        "rules": " ".join(rule.letter for rule in rules if one.name in rule.blocks),
    }


def _rule(one: Rule, rules: Sequence[Rule]) -> Record:
    whole = sum(rule.macs for rule in rules)
    return {
        "letter": one.letter,
        "pass": one.name,
        "rule": one.text,
        "blocks": " ".join(one.blocks),
        "macs": one.macs,
        "macs_share": one.macs / whole if whole else None,
        "params": one.params,
    }
