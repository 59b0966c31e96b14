"""Words on the shades of every network can be read, in light and in dark."""

from __future__ import annotations

import pytest

from inception_analyzer.report.figures.tokens import DARK, FAMILIES, LIGHT, Look
from inception_analyzer.report.views import grounds

BOTH = pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_is_that_of_the_guidelines() -> None:
    assert grounds.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert grounds.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert grounds.contrast("#1a55b0", "#1a55b0") == 1


def test_a_mix_begins_and_ends_with_its_colours() -> None:
    assert grounds.mixed("#1a55b0", "#ffffff", 0) == "#ffffff"
    assert grounds.mixed("#1a55b0", "#ffffff", 1) == "#1a55b0"
    assert grounds.mixed("#ffffff", "#000000", 0.5) == "#636363"  # half as light to the eye


@BOTH
@pytest.mark.parametrize("family", FAMILIES)
def test_every_shade_of_every_network_can_be_written_on(look: Look, family: str) -> None:
    deep = grounds.deepest(look, family)
    shades = [grounds.mixed(deep, look["paper"], step / 100) for step in range(101)]
    ratios = [grounds.contrast(shade, look["ink"]) for shade in shades]
    assert min(ratios) >= 5.39  # a mix of a mix is rounded twice
    assert ratios[-1] == min(ratios)


@BOTH
@pytest.mark.parametrize("family", FAMILIES)
def test_shades_reach_as_deep_as_they_may(look: Look, family: str) -> None:
    assert grounds.contrast(grounds.deepest(look, family), look["ink"]) < 5.5
    assert grounds.contrast(grounds.deepest(look, family), look["paper"]) > 1.8


@BOTH
@pytest.mark.parametrize("token", ["ink", "mut"])
def test_words_can_be_read_on_panels_too(look: Look, token: str) -> None:
    assert grounds.contrast(look[token], look["panel"]) >= 5.4


def test_the_page_learns_them_as_rules() -> None:
    rules = grounds.rules().splitlines()
    assert [rule.partition("{")[0] for rule in rules] == [f".n-{family}" for family in FAMILIES]
    assert all("--deep:light-dark(#" in rule for rule in rules)
