"""The check: every outcome, and that no change of a width in any network goes by unseen."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inception_analyzer.count import count
from inception_analyzer.errors import SpecError
from inception_analyzer.gates.baseline import Baseline, Model, model_of, of_models
from inception_analyzer.gates.blocks import Block, blocks_of, changed
from inception_analyzer.gates.check import Change, Checked, Line, check, layer_changes
from inception_analyzer.gates.metrics import METRICS, OF_LAYERS
from inception_analyzer.gates.reading import from_text, to_text
from inception_analyzer.gates.rules import Rule, Rules, Tolerance, Waiver
from inception_analyzer.networks import NETWORKS, network, network_names
from inception_analyzer.report.checked import Told, document
from inception_analyzer.report.markdown import render
from inception_analyzer.spec import Conv, Linear, Named, Network, Node, Sequence
from inception_analyzer.tree import rewrite, walk
from inception_analyzer.words import conv, dropout, maxpool, named

TODAY = date(2026, 11, 20)
NAMED = 2  # a layer and no more may stand before the one whose width changed


@cache
def counted(name: str) -> Model:
    return model_of(name, name, count(network(name)))


@cache
def accepted(name: str) -> Baseline:
    """The network's baseline as it is read from its text."""
    return from_text(to_text(of_models([counted(name)], "0.1.0")), "costs.json")


def model(name: str = "v3", layers: dict[str, dict[str, int]] | None = None, **totals: int) -> Model:
    return Model(name, name, totals, layers or {})


def checked(before: Model | None, after: Model | None, rules: Rules = Rules(), *, partial: bool = False) -> Checked:  # noqa: B008
    known = of_models([before] if before else [], "0.1.0")
    return check(known, [after] if after else [], rules, TODAY, partial=partial)


OUTCOMES: dict[str, tuple[Model, Model, Rules, str]] = {
    "same": (model(macs=5), model(macs=5), Rules(), "pass"),
    "within": (model(macs=5), model(macs=6), Rules((Rule("macs", tolerance=Tolerance(1)),)), "pass"),
    "better": (model(macs=5), model(macs=4), Rules(), "pass"),
    "over": (model(macs=5), model(macs=6), Rules(), "fail"),
    "unaccepted": (model(macs=5), model(macs=4), Rules(ratchet=True), "fail"),
    "missing": (model(params=1), model(params=1, macs=5), Rules(), "undecided"),
    "skipped": (model(macs=5), model(), Rules(), "undecided"),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome(outcome: str) -> None:
    before, after, rules, status = OUTCOMES[outcome]
    found = checked(before, after, rules)
    assert outcome in [line.outcome for line in found.lines]
    assert found.status == status


def test_a_model_that_the_baseline_does_not_know_is_no_pass() -> None:
    found = checked(None, model(macs=5))
    assert [(line.model, line.outcome) for line in found.lines] == [("v3", "missing")]
    assert found.status == "undecided"


def test_a_model_that_is_gone_is_no_pass_unless_only_others_were_asked() -> None:
    assert [line.outcome for line in checked(model(macs=5), None).lines] == ["gone"]
    assert checked(model(macs=5), None).status == "undecided"
    assert checked(model(macs=5), None, partial=True).lines == ()
    other = check(of_models([model("v1", macs=1), model(macs=5)], ""), [model(macs=6)], Rules(), TODAY, partial=True)
    assert [(line.model, line.outcome) for line in other.lines] == [("v3", "over")]


def test_what_fails_for_sure_fails_whatever_else_is_undecided() -> None:
    found = check(of_models([model(macs=5)], ""), [model(macs=6), model("v4", macs=1)], Rules(), TODAY)
    assert [line.outcome for line in found.lines] == ["over", "missing"]
    assert found.status == "fail"


def test_waived_limits_are_not_called_kept() -> None:
    waiver = Waiver("macs", "v3", "the new data set", TODAY)
    found = checked(model(macs=5, params=1), model(macs=6, params=1), Rules((), (waiver,)))
    assert (found.status, found.notices) == ("pass", ())
    assert "1 limit kept, 1 waived." in render(document(Told(found, "costs.json", "")))


def test_a_level_off_hides_what_is_missing_too() -> None:
    assert checked(model(params=1), model(params=1, macs=5), Rules((Rule("macs", level="off"),))).status == "pass"


def test_a_line_tells_where_it_stands_in_the_file() -> None:
    baseline = from_text(to_text(of_models([model("v1", macs=1), model("v3", macs=1)], "")), "costs.json")
    lines = check(baseline, [model("v1", macs=2), model("v3", macs=2)], Rules(), TODAY).lines
    assert [line.line for line in lines] == [6, 7]


def test_layers_that_came_and_went_are_told_apart() -> None:
    before = model(macs=5, layers={"a": {"macs": 2}, "b": {"macs": 3}})
    after = model(macs=9, layers={"a": {"macs": 2}, "c": {"macs": 7}})
    assert layer_changes(before, after, "macs") == (Change("c", None, 7), Change("b", 3, None))


def test_what_writes_something_else_stands_before_what_reads_it() -> None:
    before = model(layers={"wide": {"macs": 1, "activations": 4}, "reads": {"macs": 8, "activations": 4}})
    after = model(layers={"wide": {"macs": 2, "activations": 8}, "reads": {"macs": 16, "activations": 4}})
    assert [one.path for one in layer_changes(before, after, "macs")] == ["wide", "reads"]


def inserted(name: str, after: str, *steps: Node) -> Model:
    """A network with more steps in its trunk."""
    found = network(name)
    at = next(index for index, step in enumerate(found.trunk.steps) if isinstance(step, Named) and step.name == after) + 1
    trunk = replace(found.trunk, steps=(*found.trunk.steps[:at], *steps, *found.trunk.steps[at:]))
    return model_of(name, name, count(replace(found, trunk=trunk)))


@pytest.mark.parametrize("step", [named("extra", maxpool(3, 1, 1)), named("extra", dropout(0.5))], ids=["pool", "dropout"])
def test_what_keeps_more_for_backward_is_named(step: Node) -> None:
    (line,) = check(accepted("v3"), [inserted("v3", "conv2", step)], Rules(), TODAY).breaches
    assert line.metric == "saved_bytes"
    assert line.before is not None
    assert line.after is not None
    assert [(one.path, one.before) for one in line.changes] == [("extra", None)]
    assert line.changes[0].after == line.after - line.before


def test_a_deeper_network_names_the_layers_that_came() -> None:
    deeper = inserted("v3", "conv2", named("extra", conv(32, 3, padding=1)))
    lines = check(accepted("v3"), [deeper], Rules(), TODAY).breaches
    (depth,) = (line for line in lines if line.metric == "depth")
    assert depth.changes == (Change("extra", None, 1),)
    assert all(line.changes for line in lines)
    assert layer_changes(deeper, counted("v3"), "depth") == (Change("extra", 1, None),)


def test_a_baseline_of_totals_alone_still_checks() -> None:
    """As it was written before layers had saved bytes of their own."""
    text = re.sub(r', "saved_bytes": \d+\}', "}", to_text(of_models([counted("v3")], "0.1.0")))
    text = re.sub(r'  \{"model": "v3", "layer": "[^"]*", "saved_bytes": \d+\},?\n', "", text)
    older = from_text(text.replace('"schema": 2', '"schema": 1'), "costs.json")
    assert older.models["v3"].totals == counted("v3").totals
    assert not any("saved_bytes" in values for values in older.models["v3"].layers.values())
    assert check(older, [counted("v3")], Rules(ratchet=True), TODAY).status == "pass"
    (line,) = check(older, [inserted("v3", "conv2", named("extra", maxpool(3, 1, 1)))], Rules(), TODAY).breaches
    assert (line.metric, line.changes) == ("saved_bytes", ())


def test_a_map_between_blocks_belongs_to_the_block_that_wrote_it() -> None:
    before = model(layers={"conv1": {"saved_bytes": 1}, "mixed_5b.1x1": {"saved_bytes": 2}, "mixed_5b": {"saved_bytes": 3}})
    now = replace(before, layers={**before.layers, "linear": {"saved_bytes": 4}})
    blocks = blocks_of(before, now, "saved_bytes")
    assert blocks == (Block("stem", 1, 1), Block("5b", 5, 5), Block("classifier", None, 4))


@pytest.mark.parametrize("name", NETWORKS)
def test_layers_add_up_to_what_is_gated(name: str) -> None:
    found = counted(name)
    for metric in OF_LAYERS:
        assert sum(values.get(metric, 0) for values in found.layers.values()) == found.totals[metric]
    assert found.totals.keys() == METRICS.keys()


@pytest.mark.parametrize("name", NETWORKS)
def test_updating_and_checking_passes(name: str) -> None:
    found = check(accepted(name), [counted(name)], Rules(ratchet=True), TODAY)
    assert found.status == "pass"
    assert {line.outcome for line in found.lines} == {"same"}
    assert len(found.lines) == len(METRICS)


@given(st.lists(st.sampled_from(network_names()), min_size=1, max_size=4, unique=True))
def test_updating_several_and_checking_passes(names: list[str]) -> None:
    baseline = from_text(to_text(of_models(map(counted, names), "0.1.0")), "costs.json")
    assert check(baseline, list(map(counted, names)), Rules(ratchet=True), TODAY).status == "pass"


def widths(found: Network) -> dict[str, int]:
    """Every layer with a width, by path."""
    return {path: node.out for path, node in walk(found.trunk) if isinstance(node, (Conv, Linear))}


def widened(found: Network, path: str, width: int) -> Network:
    """The network with one other width."""

    def rule(here: str, node: Node) -> Node | None:
        return replace(node, out=width) if here == path and isinstance(node, (Conv, Linear)) else None

    trunk = rewrite(found.trunk, rule)
    assert isinstance(trunk, Sequence)
    return replace(found, trunk=trunk)


def changed_width(data: st.DataObject, name: str) -> tuple[str, Model]:
    """A legal change of one width: what a residual sum or a group forbids is no network."""
    found = network(name)
    path, old = data.draw(st.sampled_from(sorted(widths(found).items())))
    new = data.draw(st.integers(1, 2 * old).filter(lambda width: width != old) | st.sampled_from((old + 1, old + 32)))
    try:
        now = model_of(name, name, count(widened(found, path, new)))
    except SpecError:
        assume(False)
        raise
    return path, now


@pytest.mark.parametrize("name", NETWORKS)
@given(st.data())
def test_any_other_width_is_caught_and_its_layer_named(name: str, data: st.DataObject) -> None:
    path, now = changed_width(data, name)
    found = check(accepted(name), [now], Rules(ratchet=True), TODAY)
    assert found.status == "fail"
    # A head that reads the layer is dearer too, by quantities in which the layer itself has no part.
    heads = "macs_aux" in counted(name).layers[path]
    told = [line for line in found.breaches if line.changes and METRICS[line.metric].of_heads == heads]
    assert told, "a breach names layers"
    assert all(path in leading(line) for line in told)


def leading(line: Line) -> list[str]:
    return [change.path for change in line.changes[:NAMED]]


@pytest.mark.parametrize("name", ["v1", "v3", "ir2", "resnet50"])
def test_blocks_add_up_in_the_order_of_execution(name: str) -> None:
    blocks = blocks_of(accepted(name).models[name], counted(name), "macs")
    assert sum(block.after or 0 for block in blocks) == counted(name).totals["macs"]
    assert changed(blocks) == []
    assert blocks[0].name in ("stem", "conv1")


def test_blocks_of_a_reader_have_a_stem_and_a_classifier() -> None:
    names = [block.name for block in blocks_of(accepted("v3").models["v3"], counted("v3"), "macs")]
    assert names == ["stem", "5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c", "classifier"]


def test_blocks_that_came_and_went() -> None:
    before = model(layers={"mixed_6b.1x7": {"macs": 2}, "mixed_6c.1": {"macs": 3}})
    after = model(layers={"mixed_6b.7x7": {"macs": 5}, "mixed_6d.1": {"macs": 1}})
    assert blocks_of(before, after, "macs") == (Block("6b", 2, 5), Block("6d", None, 1), Block("6c", 3, None))
    assert [block.name for block in changed(blocks_of(before, after, "macs"))] == ["6b", "6c", "6d"]
