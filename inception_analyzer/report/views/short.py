"""What a reader should know first: the finding that is the title, and four more, each a figure and a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from inception_analyzer.claims import HANDLES
from inception_analyzer.claims.judging import Judged
from inception_analyzer.report.quantity import from_to, listed, many, outcome, ratio, share
from inception_analyzer.report.story import Pair, Story
from inception_analyzer.report.verdicts import LOOKS
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.rules import Derived, Rule
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Measurement

PLAIN = "What convolutional architectures cost, and what the papers say"
AGAINST_FIRST = "cost-2p5x-googlenet"  # the claim that two networks of ours can be put beside
MOST = 4


@dataclass(frozen=True, slots=True)
class Short:
    """A figure with its sentence, and where the page tells more; `quoted` is what a paper prints instead."""

    figure: str
    sentence: str
    link: str
    place: str
    quoted: str = ""
    after: str = ""
    measured: bool = False


def title(story: Story) -> str:
    """What factorization saves in the network that is opened, or what the page is about."""
    twin = next(_twins(story), None)
    if twin is None or twin.difference <= 0:
        return PLAIN
    saved = outcome(twin.before.cost.macs, twin.after.cost.macs).removeprefix("saves ")
    return typeset(f"Factorization saves {twin.before.network.title} {saved} of its multiply-adds")


def lead(story: Story) -> str:
    """What was built, counted, checked and measured."""
    networks = len(story.networks)
    told = [f"{many(networks, 'network')} counted layer by layer"] if networks else []
    if story.judged:
        differing = sum(one.finding.verdict == "does-not-reproduce" for one in story.judged)
        verb = LOOKS["does-not-reproduce"].one if differing == 1 else LOOKS["does-not-reproduce"].several
        told.append(f"{len(story.judged)} statements of papers and retellings checked against the counts: {differing} {verb}")
    timed = {entry.sample.expression for entry in story.measured if isinstance(entry, Measurement)}
    if timed:
        told.insert(1, f"{len(timed)} of them timed on this machine")
    return f"{', '.join(told[:-1])}{', and ' if len(told) > 1 else ''}{told[-1]}." if told else ""


def when(made: str) -> str:
    """`20 November 2025, 12:30 UTC`."""
    try:
        at = datetime.fromisoformat(made)
    except ValueError:
        return made
    return f"{at.day} {at:%B %Y}, {at:%H:%M} {at.tzname() or ''}".rstrip()


def findings(story: Story, places: Sequence[str]) -> tuple[Short, ...]:
    """At most four, those of the counts first and one of the clock where there is one."""
    told = [*_of_twins(story), *_of_pairs(story), *_of_times(story), *_of_claims(story)]
    return tuple(one for one in told if one.link in places)[:MOST]


def _twins(story: Story) -> Iterator[Derived]:
    return (pair.derived for pair in story.pairs if pair.derived is not None and pair.derived.rules)


def _of_twins(story: Story) -> Iterator[Short]:
    for twin in _twins(story):
        label, one, other = twin.before.network.label, twin.before.cost, twin.after.cost
        before, after, unit = from_to(one.macs, other.macs)
        factor, params = ratio(other.macs, one.macs), ratio(other.params, one.params)
        if twin.difference > 0:
            sentence = (
                f"the multiply-adds {label} would take without its factorizations: {after} {unit} instead of {before} {unit}, "
                f"with {params} the parameters."
            )
            yield Short(typeset(factor), typeset(sentence), "blocks", "Block by block")
            yield from _main_rule(twin)
        return


def _main_rule(twin: Derived) -> Iterator[Short]:
    """The rule that does most, and beside it the one that does least."""
    rules = sorted(twin.rules, key=lambda rule: -rule.macs)
    if len(rules) < 2 or rules[-1].macs < 0:
        return
    most, least = rules[0], rules[-1]
    sentence = (
        f"of that difference comes from one rule in {many(len(most.blocks), 'block')}, {_told(most)}. "
        f"The least, {_told(least)}, brings {share(least.macs, twin.difference)}."
    )
    yield Short(typeset(share(most.macs, twin.difference)), typeset(sentence), "blocks", "The rules")


def _told(rule: Rule) -> str:
    before, arrow, after = rule.text.partition(" → ")
    return f"{before} in place of {after}" if arrow else rule.text


def _of_pairs(story: Story) -> Iterator[Short]:
    """Two networks that are no twins, and what a paper prints about them where it does."""
    for pair in story.pairs:
        if pair.derived is not None:
            continue
        one, other = pair.left.count, pair.right.count
        figure = typeset(ratio(other.cost.macs, one.cost.macs))
        words = f"the multiply-adds of {one.network.title} for {other.network.title}"
        claim = _claim(story, pair)
        if claim is None:
            yield Short(figure, f"{words}.", "blocks", "Block by block")
        else:
            word, handle = LOOKS[claim.finding.verdict].word, HANDLES[claim.claim.id]
            before, after = f"{words}, where the paper prints", f", which {word}."
            yield Short(figure, before, handle, f"Claim {handle}", typeset(claim.claim.claimed), after)


def _claim(story: Story, pair: Pair) -> Judged | None:
    labels = (pair.left.count.network.label, pair.right.count.network.label)
    return next((one for one in story.judged if one.claim.id == AGAINST_FIRST and labels == ("v1", "v3")), None)


def _of_times(story: Story) -> Iterator[Short]:
    """How long the other network of a pair took, beside what counting predicts."""
    wanted = [(pair.left.count, pair.right.count) for pair in story.pairs]
    for entry in story.measured:
        if not isinstance(entry, Measurement) or entry.against is None or entry.sample.setup.phase != "forward":
            continue
        for one, other in wanted:
            if entry.sample.expression == other.network.label and one.network.label == _reference(story, entry):
                found, counted = entry.against.ratio, other.cost.macs / one.cost.macs
                yield Short(
                    f"{found.point:.2f}×", typeset(_took(one.network.title, other.network.title, found, counted)),
                    "measured", "Measured", measured=True,
                )  # fmt: skip
                return


def _took(one: str, other: str, found: Interval, counted: float) -> str:
    sentence = f"the time of {one} for {other} on this machine, between {found.low:.2f}x and {found.high:.2f}x"
    if found.low <= counted <= found.high:
        return f"{sentence}, as counting predicts."
    more = "more" if counted > found.high else "less"
    return f"{sentence}: counting predicts {more}, {ratio(counted, 1)}."


def _reference(story: Story, entry: Measurement) -> str:
    """The network that an entry was measured against: the one of its setup that stands against none."""
    same = (one for one in story.measured if isinstance(one, Measurement) and one.sample.setup == entry.sample.setup)
    return next((one.sample.expression for one in same if one.against is None), "")


def _of_claims(story: Story) -> Iterator[Short]:
    """How many statements do not stand as they are printed."""
    if not story.judged:
        return
    by = {verdict: [one for one in story.judged if one.finding.verdict == verdict] for verdict in LOOKS}
    bad, conditional = by["does-not-reproduce"], by["depends"]
    named = listed([f"“{one.claim.title}”" for one in bad[:2]]) if bad else ""
    sentence = (
        f"of {len(story.judged)} statements about cost do not reproduce" + (f", among them: {named}." if named else ".")
        + f" {len(conditional)} more depend on a condition that the text does not state."
    )  # fmt: skip
    yield Short(str(len(bad)), typeset(sentence), "claims", "Claims")
