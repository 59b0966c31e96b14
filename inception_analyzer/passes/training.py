"""What the texts change besides the shape of modules: norms, heads, and the recipe of training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.passes.core import Change, Outcome, Pass
from inception_analyzer.spec import Aux, BatchNorm, Conv, Network, Node, Recipe, Residual, Sequence
from inception_analyzer.tree import rewrite


def without_heads(network: Network, _: str) -> Outcome:
    """The trunk alone."""
    heads = [step for step in network.trunk.steps if isinstance(step, Aux)]
    steps = tuple(step for step in network.trunk.steps if not isinstance(step, Aux))
    return replace(network, trunk=Sequence(steps)), tuple(Change(head.name, head, None) for head in heads)


def everywhere_and_in_heads(rule: Callable[[Node], Node | None]) -> Callable[[Network, str], Outcome]:
    """A rule on every node of the trunk and of its heads."""

    def apply(network: Network, _: str) -> Outcome:
        changes: list[Change] = []

        def recorded(path: str, node: Node) -> Node | None:
            after = rule(node)
            if after is not None:
                changes.append(Change(path, node, after))
            return after

        return replace(network, trunk=cast("Sequence", rewrite(network.trunk, recorded))), tuple(changes)

    return apply


def unnormed(node: Node) -> Node | None:
    """A bias in the place of a norm; a sum simply loses its norm."""
    match node:
        case Conv(norm=BatchNorm()):
            return replace(node, norm=None, bias=True)
        case Residual(norm=BatchNorm()):
            return replace(node, norm=None)
    return None


def folded(node: Node) -> Node | None:
    """At inference a norm is a scale and a shift of its convolution; a norm on a sum cannot be folded."""
    return unnormed(node) if isinstance(node, Conv) else None


def normed_heads(network: Network, _: str) -> Outcome:
    """Batch norm in the place of the bias in the wide layer of each head."""
    changes: list[Change] = []

    def recorded(path: str, node: Node) -> Node | None:
        if not (isinstance(node, Conv) and node.norm is None and node.bias and node.kernel != (1, 1)):
            return None
        changes.append(Change(path, node, replace(node, norm=BatchNorm(), bias=False)))
        return changes[-1].after

    steps = tuple(
        replace(step, head=rewrite(step.head, recorded, step.name)) if isinstance(step, Aux) else step
        for step in network.trunk.steps
    )
    return replace(network, trunk=Sequence(steps)), tuple(changes)


def rmsprop(network: Network, _: str) -> Outcome:
    """Section 8's optimizer in the place of SGD with momentum."""
    return with_recipe(network, replace(network.recipe, optimizer="rmsprop", momentum=0.9, decay=0.9, epsilon=1.0))


def label_smoothing(network: Network, value: str) -> Outcome:
    """A share of each label spread over all classes."""
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0.0 < share < 1.0:
        raise AnalyzerError(
            f"label-smoothing={value} is not a share", ("instead", "a number between 0 and 1: label-smoothing=0.1")
        )
    return with_recipe(network, replace(network.recipe, label_smoothing=share))


def with_recipe(network: Network, recipe: Recipe) -> Outcome:
    """The same network trained otherwise; nothing in it changes, so the trunk stands for the place."""
    if recipe == network.recipe:
        return network, ()
    return replace(network, recipe=recipe), (Change("", network.trunk, network.trunk),)


WITHOUT_AUX = Pass(
    "without-aux",
    "no auxiliary heads",
    "1512.00567, section 4",
    "what if",
    without_heads,
    keeps_field=True,
)
WITHOUT_BN = Pass(
    "without-bn",
    "biases in the place of batch norms",
    "1502.03167, section 4.2",
    "what if",
    everywhere_and_in_heads(unnormed),
    keeps_field=True,
)
FOLD_BN = Pass(
    "fold-bn",
    "each batch norm folded into its convolution, which changes nothing at inference",
    "1502.03167, section 3.1",
    "what if",
    everywhere_and_in_heads(folded),
    keeps_field=True,
)
BN_AUXILIARY = Pass(
    "bn-auxiliary",
    "batch norm in the fully connected layer of each auxiliary head",
    "1512.00567, section 10, Table 3",
    "training",
    normed_heads,
    keeps_field=True,
)
RMSPROP = Pass(
    "rmsprop",
    "trained by RMSProp with decay 0.9 and epsilon 1",
    "1512.00567, section 8",
    "training",
    rmsprop,
    keeps_field=True,
)
LABEL_SMOOTHING = Pass(
    "label-smoothing",
    "a share of each label is spread over all classes",
    "1512.00567, section 7",
    "training",
    label_smoothing,
    keeps_field=True,
    argument="the share, 0.1 in the paper",
    default="0.1",
)
