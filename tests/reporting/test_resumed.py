"""What an earlier report has measured is not measured again, and comes back as it was."""

from __future__ import annotations

import json
from math import inf

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.judging import questions_of
from inception_analyzer.inquiry import Answered
from inception_analyzer.reporting.kept import Kept, how_measured
from inception_analyzer.reporting.timed import key_of
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Against, Failure, Measurement, Sample, Setup


def measurement(seconds: float) -> Measurement:
    against = Against(Interval(1.1, -inf, 1.2), 0.01, "INCONCLUSIVE", None)
    return Measurement(Sample("v1", Setup(seed=7), (seconds, seconds), 3, 20), against, 1, "looks", 2.0, ("a doubt",))


def test_rows_come_back_as_they_were() -> None:
    first = Kept()
    rows = [measurement(0.5), Failure("v3", Setup(), "out of memory")]
    answer = Answered(measurement(1.0), measurement(2.0), 0.7, ("compute", "memory"))
    first.put("measured", "forward", rows)
    first.put("claims", "one", answer)
    stored = json.loads(json.dumps(first.now, allow_nan=False))
    again = Kept(stored)
    assert list(again.get("measured", "forward", lambda: pytest.fail("measured again"))) == rows
    assert again.get("claims", "one", lambda: pytest.fail("measured again")) == answer
    assert again.now == first.now


def test_what_is_only_carried_is_measured_again_and_handed_on() -> None:
    first = Kept()
    first.put("measured", "forward", [measurement(0.5)])
    first.put("noise", "v1", [measurement(0.7)])
    kept = Kept(carried={**first.now, "roofline": 5, "kernels": {"row": 7, "line": "{}"}})
    assert not kept.has("measured", "forward")
    assert kept.get("measured", "forward", lambda: [measurement(1.0)]) == [measurement(1.0)]
    again = Kept(kept.now)
    assert again.get("measured", "forward", lambda: pytest.fail("measured again")) == (measurement(1.0),)
    assert again.get("noise", "v1", lambda: pytest.fail("measured again")) == (measurement(0.7),)
    assert kept.now["kernels"] == {"line": "{}"}
    assert "roofline" not in kept.now


def test_what_is_missing_is_measured() -> None:
    kept = Kept({"measured": {"forward": 5}, "noise": "no rows"})
    assert kept.get("measured", "forward", lambda: [measurement(1.0)]) == [measurement(1.0)]
    assert not kept.has("noise", "v1")


def test_questions_have_keys_of_their_own() -> None:
    questions = questions_of(CLAIMS.values())
    keys = [key_of(question) for question in questions]
    assert len(set(keys)) == len(questions) > 10
    assert keys == [key_of(question) for question in questions_of(CLAIMS.values())]


def test_rows_of_another_dtype_or_commit_are_measured_anew() -> None:
    machine = {"commit": "0" * 12, "program": "inception-analyzer 1"}
    here = how_measured(Setup(threads=1), machine)
    first = Kept(how=here)
    assert first.get("measured", "forward", lambda: [1.0]) == [1.0]
    assert Kept(first.now, how=here).has("measured", "forward")
    others = (
        how_measured(Setup(threads=2), machine),
        how_measured(Setup(dtype="bf16"), machine),
        how_measured(Setup(), {**machine, "commit": "1" * 12}),
    )
    assert not any(Kept(first.now, how=other).has("measured", "forward") for other in others)
    assert Kept(first.now, how=others[0]).get("measured", "forward", lambda: [2.0]) == [2.0]
