"""From evidence to verdicts: how figures fit what is claimed, what conditions add up to, and whether the record agrees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, isclose

from inception_analyzer.claims.model import (
    Amount,
    Claim,
    Condition,
    Finding,
    Fit,
    Judge,
    Sentence,
    SubCheck,
    Verdict,
    number_of,
    say,
)
from inception_analyzer.inquiry import Answer, Answered, Evidence, MissingError, Question
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Failure

# Quotients of integers differ from decimals as they are written by the rounding of binary fractions only.
TINY = 1e-9

# A difference that float64 leaves between two ways to the same number, with room for sums over many channels.
EXACT = 1e-10

COMMANDS = {"identity": "inception-analyze verify {} --no-measure", "time": "inception-analyze verify {} --measure"}
LACKS = {"identity": "needs torch", "time": "needs a timer"}

# A budget is named in steps, with seconds for what comes before the clock: counts, identities and ceilings.
STEP, BEFORE = 10, 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with what was found about it and its narrower statements, and the answers that the clock gave."""

    claim: Claim
    finding: Finding
    checks: tuple[tuple[SubCheck, Finding], ...]
    answers: Mapping[str, Answer]
    evidence: Evidence

    @property
    def differing(self) -> tuple[tuple[str, Verdict, Verdict], ...]:
        """Ids whose verdict is another than the recorded one: id, recorded, found."""
        own = [(self.claim.id, self.claim.recorded, self.finding)]
        narrower = [(f"{self.claim.id}.{check.name}", check.recorded, finding) for check, finding in self.checks]
        return tuple(
            (name, recorded, found.verdict) for name, recorded, found in (*own, *narrower) if _differs(recorded, found)
        )


@dataclass(frozen=True, slots=True)
class Clocked:
    """The cases that the clock answered, and the questions that it did not, which leave the others standing."""

    conditions: tuple[Condition, ...]
    missing: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """What has no answer is open: it can be settled by the others only where some fit and some do not."""
        unanswered: list[Fit] = ["open"] * len(self.missing)
        return settle([condition.fit for condition in self.conditions] + unanswered)

    def finding(self, found: Sentence, reason: Sentence) -> Finding:
        """The finding on what was answered, whose reason says how much was not."""
        rest = Amount(len(self.missing), "count"), Amount(len(self.missing) + len(self.conditions), "count")
        have = "has" if len(self.missing) == 1 else "have"
        told = say(f"{reason.words}; {{}} of {{}} questions {have} no answer yet", *reason.amounts, *rest)
        return Finding(self.verdict, found, told if self.missing else reason, self.conditions, self.missing)


def clocked(
    evidence: Evidence, cases: Mapping[str, str], low: float = 0.0, high: float = 1.0, aside: Sequence[str] = ()
) -> Clocked:
    """Questions of time, each with the words of its case: whether the whole ratio lies between these bounds.

    Those aside are shown and decide nothing. Where nothing is answered at all, the first is missing.
    """
    answered = [name for name in cases if isinstance(evidence.answers.get(name), Answered)]
    if not answered:
        evidence.against(next(iter(cases)))
    ratios = {name: evidence.against(name).ratio for name in answered}
    fits = {name: "aside" if name in aside else within(found, low, high) for name, found in ratios.items()}
    conditions = tuple(Condition(cases[name], measured(found), fits[name]) for name, found in ratios.items())
    return Clocked(conditions, tuple(name for name in cases if name not in ratios and name not in aside))


def judged(claim: Claim, identities: Mapping[str, Mapping[str, float]], answers: Mapping[object, Answer]) -> Judged:
    """A claim on everything that was gathered, of which it is shown what it asked for."""
    figures = dict(claim.count())
    for name in claim.needs:
        figures |= {f"{name}.{key}": value for key, value in identities.get(name, {}).items()}
    own = {question.name: answers[question.work] for question in claim.asks() if question.work in answers}
    evidence = Evidence(figures, own)
    checks = tuple((check, ruling(check.judge, evidence, claim.id)) for check in claim.checks)
    return Judged(claim, ruling(claim.judge, evidence, claim.id), checks, own, evidence)


def ruling(judge: Judge, evidence: Evidence, claim_id: str) -> Finding:
    """What a judge finds; where evidence is missing, that nothing can be said and which command would get it."""
    try:
        found = judge(evidence)
    except MissingError as missing:
        return _unfounded(missing, evidence, claim_id)
    command = _command(found.missing, evidence, claim_id)
    return replace(found, reason=replace(found.reason, words=f"{found.reason.words}: {command}")) if command else found


def _unfounded(missing: MissingError, evidence: Evidence, claim_id: str) -> Finding:
    """Undecided, because nobody asked, because the budget was short, or because it could not be timed."""
    answer, name = evidence.answers.get(missing.name), (missing.name,)
    if missing.lack == "time" and isinstance(answer, Failure):
        if answer.needed is None:
            why = answer.reason.replace("{", "(").replace("}", ")")
            return Finding(
                "undecided", say("could not be timed"), say(f"{missing.name} could not be timed: {why}"), missing=name
            )
        told = f"the budget was too short for {missing.name}: {_command(name, evidence, claim_id)}"
        return Finding("undecided", say("needs a longer budget"), say(told), missing=name)
    command = COMMANDS[missing.lack].format(claim_id)
    told = f"it {LACKS[missing.lack]} for {missing.name}: {command}"
    return Finding("undecided", say(LACKS[missing.lack]), say(told), missing=name)


def _command(missing: Sequence[str], evidence: Evidence, claim_id: str) -> str:
    """What would answer these questions: a longer budget, or to be asked at all; nothing where they cannot be timed.

    Each question of a claim may take an even share, so that all fit where the longest fits into its own.
    """
    answers = [evidence.answers.get(name) for name in missing]
    failures = [answer for answer in evidence.answers.values() if isinstance(answer, Failure)]
    if any(isinstance(answer, Failure) and answer.needed is not None for answer in answers):
        longest = max(failure.needed or 0.0 for failure in failures)
        budget = STEP * ceil((BEFORE + len(evidence.answers) * longest) / STEP)
        return f"inception-analyze verify {claim_id} --budget {budget}s"
    return COMMANDS["time"].format(claim_id) if None in answers else ""


def fits(found: float, claimed: float, digits: int | None = None) -> Fit:
    """Whether a figure is what is claimed, or is so once rounded to as many significant digits as were printed."""
    if isclose(found, claimed, rel_tol=TINY, abs_tol=TINY):
        return "exactly"
    return "rounded" if digits is not None and _rounded(found, digits) == _rounded(claimed, digits) else "not"


def true(statement: bool) -> Fit:
    """The fit of an inequality or of something that is so or not."""
    return "exactly" if statement else "not"


def within(found: Interval, low: float, high: float) -> Fit:
    """Whether a whole interval lies between two bounds, outside them, or on one of them, which decides nothing."""
    if low <= found.low and found.high <= high:
        return "exactly"
    return "not" if found.high < low or found.low > high else "open"


def settle(fitting: Iterable[Fit]) -> Verdict:
    """What cases add up to: true in all, in all once rounded, in some, in none; open cases decide only where none else does."""
    seen = set(fitting) - {"aside"}
    if not seen - {"open"}:
        return "undecided"
    good, bad = bool(seen & {"exactly", "rounded"}), "not" in seen
    if good and bad:
        return "depends"
    if bad:
        return "does-not-reproduce" if "open" not in seen else "undecided"
    if "open" in seen:
        return "undecided"
    return "holds-rounded" if "rounded" in seen else "holds"


def of(conditions: Sequence[Condition]) -> Verdict:
    """The verdict that conditions add up to."""
    return settle(condition.fit for condition in conditions)


def reproduced(totals: Mapping[str, tuple[float, int]]) -> Finding:
    """Totals that public libraries state to the unit, each beside ours: found, published."""
    conditions = tuple(Condition(when, number_of(ours), fits(ours, theirs)) for when, (ours, theirs) in totals.items())
    counts = number_of(sum(one.fit == "exactly" for one in conditions)), number_of(len(conditions))
    reason = say("{} of {} published totals are reproduced to the last parameter", *counts)
    return Finding(of(conditions), say("{} of {}", *counts), reason, conditions)


def measured(interval: Interval) -> Amount:
    """A measured ratio with its interval."""
    return Amount(interval.point, "ratio", interval.low, interval.high)


def questions_of(claims: Iterable[Claim]) -> tuple[Question, ...]:
    """Everything that these claims ask of the clock, each piece of work once."""
    return tuple({question.work: question for claim in claims for question in claim.asks()}.values())


def identities_of(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The identities that these claims need, each once, in their order."""
    return tuple(dict.fromkeys(name for claim in claims for name in claim.needs))


def _rounded(value: float, digits: int) -> Decimal:
    """To this many significant digits, halves away from zero as papers round."""
    exact = Decimal(repr(value))
    if not exact:
        return exact
    step = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    return exact.quantize(step, rounding="ROUND_HALF_UP").normalize()


def _differs(recorded: Verdict, finding: Finding) -> bool:
    """Whether the record is contradicted: missing evidence contradicts nothing, and measuring may settle what was open."""
    if finding.missing or recorded == "undecided":
        return False
    return finding.verdict != recorded
