"""Evidence made by hand, for judges that need neither torch nor a clock."""

from __future__ import annotations

from collections.abc import Mapping

from inception_analyzer.claims.model import Claim
from inception_analyzer.inquiry import Answered, Evidence
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Against, Measurement, Sample, Setup


def answered(low: float, high: float) -> Answered:
    """Two sides of a question whose ratio lies between these ends."""
    point = (low + high) / 2
    reference = Measurement(Sample("one", Setup(), (1.0,) * 8, 1, 20), None, 1, "decided", 1.0)
    against = Against(Interval(point, low, high), 0.01, "FASTER" if high < 1 else "SLOWER" if low > 1 else "INCONCLUSIVE", None)
    return Answered(reference, Measurement(Sample("other", Setup(), (point,) * 8, 1, 20), against, 1, "decided", 1.0))


def verdict(claim: Claim, figures: Mapping[str, float], check: str = "") -> str:
    """What a claim, or a narrower statement of it, is on these figures alone."""
    judge = next(one.judge for one in claim.checks if one.name == check) if check else claim.judge
    return judge(Evidence(figures)).verdict
