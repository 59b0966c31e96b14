"""Where it pays: what the verdicts on several grids say together."""

from __future__ import annotations

import pytest

from inception_analyzer.report.paying import Paying, paying, sentence
from inception_analyzer.stats import Verdict

LETTERS: dict[str, Verdict | None] = {"f": "FASTER", "s": "SLOWER", "=": "SAME", "?": "INCONCLUSIVE", "x": None}


def on_grids(verdicts: str) -> Paying:
    """One letter for each of the grids 8, 17, 35, 73, given largest first as people ask."""
    grids = (8, 17, 35, 73)[: len(verdicts)]
    return paying({grid: LETTERS[letter] for grid, letter in reversed(list(zip(grids, verdicts, strict=True)))})


def test_the_same_is_not_paying_and_a_failure_is_not_known() -> None:
    assert on_grids("s=?x") == Paying((), (8, 17), (35, 73))
    assert on_grids("f") == Paying((8,), (), ())


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ("ffff", "b pays in time *on every grid from 8x8 to 73x73*."),
        ("f", "b pays in time *on 8x8*."),
        ("ss=s", "b does *not pay in time* on 8x8, 17x17, 35x35 and 73x73."),
        ("s", "b does *not pay in time* on 8x8."),
        ("s=ff", "b pays in time *from 35x35 on*; not on 8x8 and 17x17."),
        ("s?ff", "b pays in time *from 35x35 on*; not on 8x8; 17x17 cannot be told."),
        ("??ff", "b pays in time *from 35x35 on*; 8x8 and 17x17 cannot be told."),
        ("ffss", "b pays in time *up to 17x17*; not on 35x35 and 73x73."),
        ("fs?f", "b pays in time *on 8x8 and 73x73*; not on 17x17; 35x35 cannot be told."),
        ("ssf?", "b pays in time *on 35x35*; not on 8x8 and 17x17; 73x73 cannot be told."),
        ("s??x", "b does *not pay in time* on 8x8; 17x17, 35x35 and 73x73 cannot be told."),
        ("??x", "Whether b pays in time *cannot be told* on 8x8, 17x17 and 35x35."),
    ],
)
def test_what_is_said(verdicts: str, told: str) -> None:
    assert sentence(on_grids(verdicts), "b") == told
