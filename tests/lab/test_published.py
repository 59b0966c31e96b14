"""With equal weights our modules compute what the published ones compute, and a slip in any of their rules would show."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from inception_analyzer.lab.build import build
from inception_analyzer.lab.modules import ConvUnit, LinearUnit, Net, Outputs
from inception_analyzer.networks import network
from inception_analyzer.spec import Branches, Conv, Linear, Network, Node, Pair, Pool, Residual
from inception_analyzer.tree import rewrite

# Of the largest logit. Rounding stays below 1e-14; the smallest slip below moves more than OTHER.
SAME, OTHER = 1e-9, 1e-4

WEIGHTED = (nn.Conv2d, nn.BatchNorm2d, nn.Linear)

# Of what a residual branch adds: at full strength 50 sums would grow until nothing late in the network counts.
DAMPED = 0.3

# Schemas live as long as the object that defined them.
SCHEMAS = torch.library.Library("torchvision", "FRAGMENT")

Rule = Callable[[str, Node], Node | None]


@dataclass(frozen=True)
class Case:
    """A published network, the grid to compare on, and slips that must not go unnoticed."""

    publish: Callable[[], nn.Module]
    grid: Pair
    slips: dict[str, Rule]
    aux: bool = False


@dataclass(frozen=True, repr=False)
class Twins:
    """Our network and the published one on equal weights, and images for both."""

    network: Network
    ours: Net
    theirs: nn.Module
    images: Tensor
    slips: dict[str, Rule]

    def slipped(self, rule: Rule) -> Net:
        """Ours with a slip and the same weights."""
        wrong = replace(self.network, trunk=rewrite(self.network.trunk, rule))
        net = without_dropout(build(wrong, aux=bool(self.ours.heads), device="meta"))
        net.load_state_dict(self.ours.state_dict(), assign=True)
        return net


# Published modules.


NOT_HERE = "the published network is not installed here: `make test` installs published.txt and compares with it"


@cache
def vision():
    """The models of torchvision; where its compiled operators do not load, it still wants the schemas of two of them."""
    try:
        return pytest.importorskip("torchvision", reason=NOT_HERE).models
    except RuntimeError as error:
        if "torchvision::nms does not exist" not in str(error):
            raise
    for operator in ("nms", "qnms"):
        SCHEMAS.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return pytest.importorskip("torchvision", reason=NOT_HERE).models


def from_timm(name: str) -> nn.Module:
    vision()
    return pytest.importorskip("timm", reason=NOT_HERE).create_model(name, pretrained=False)


def bninception() -> nn.Module:
    """Loaded from its file: its package imports readers of data sets that want packages it does not declare."""
    package = importlib.util.find_spec("pretrainedmodels")
    if package is None or package.origin is None:
        pytest.skip(NOT_HERE)
    file = Path(package.origin).parent / "models" / "bninception.py"
    spec = importlib.util.spec_from_file_location("published_bninception", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.bninception(pretrained=None)


def inception3() -> nn.Module:
    return vision().inception_v3(weights=None, init_weights=False, transform_input=False)


# Slips.


def at(path: str, node_type: type, /, **changes: object) -> Rule:
    """The node of this kind at this path, with other fields."""
    return lambda where, node: replace(node, **changes) if where == path and isinstance(node, node_type) else None


def backwards(path: str) -> Rule:
    """The arms at this path in the opposite order."""
    return lambda where, node: Branches(node.arms[::-1]) if where == path and isinstance(node, Branches) else None


def eps(value: float) -> Rule:
    """Another epsilon in every norm."""

    def rule(_: str, node: Node) -> Node | None:
        return replace(node, norm=replace(node.norm, eps=value)) if isinstance(node, Conv) and node.norm else None

    return rule


def stride_first(_: str, node: Node) -> Node | None:
    """The stride of a bottleneck in its 1x1, as in the paper and not as in v1.5."""
    if not isinstance(node, Residual):
        return None
    first, second, *rest = node.body.steps
    swapped = (replace(first, stride=second.stride), replace(second, stride=first.stride), *rest)
    return replace(node, body=replace(node.body, steps=swapped))


CASES = {
    "inception-v3": Case(
        inception3,
        (107, 123),
        {
            "one mean leaves padding out": at("mixed_5b.pool.0", Pool, count_pad=False),
            "max in the last pool": at("mixed_7c.pool.0", Pool, kind="max", count_pad=False),
            "arms of a module": backwards("mixed_6e"),
            "arms of a reduction": backwards("mixed_7a"),
            "row and column": backwards("mixed_7c.double3x3.2"),
            "one activation": at("mixed_6c.double7x7.2", Conv, act="none"),
            "eps": eps(1e-5),
        },
        aux=True,
    ),
    "inception-v4": Case(
        lambda: from_timm("inception_v4"),
        (107, 123),
        {
            "one mean counts padding": at("inception_a1.pool.0", Pool, count_pad=True),
            "pool last in the stem": backwards("stem_a"),
            "pool first in the stem": backwards("stem_c"),
            "arms of a module": backwards("inception_b7"),
            "row and column": backwards("inception_c3.double3x3.3"),
            "eps": eps(1e-5),
        },
    ),
    "inception-resnet-v2": Case(
        lambda: from_timm("inception_resnet_v2"),
        (107, 123),
        {
            "the only mean counts padding": at("mixed_5b.pool.0", Pool, count_pad=True),
            "scale of one A": at("block_a10", Residual, scale=0.20),
            "scale of one B": at("block_b1", Residual, scale=0.11),
            "scale of one C": at("block_c9", Residual, scale=0.17),
            "scale of the last C": at("block_c10", Residual, scale=0.20),
            "activation of the last C": at("block_c10", Residual, act="relu"),
            "activation of a branch's sum": at("block_b20.body.expand", Conv, act="relu"),
            "arms of a block": backwards("block_a1.body.branches"),
            "arms of a reduction": backwards("reduction_b"),
            "eps": eps(1e-5),
        },
    ),
    "bn-inception": Case(
        bninception,
        (224, 224),
        {
            "one mean leaves padding out": at("inception_5a.pool.0", Pool, count_pad=False),
            "mean in 5b": at("inception_5b.pool.0", Pool, kind="avg", count_pad=True),
            "zeros in front for a partial last window": at("pool2", Pool, padding=(1, 1), ceil=False),
            "arms of a module": backwards("inception_4c"),
            "arms of a reduction": backwards("inception_4e"),
            "eps": eps(1e-3),
        },
    ),
    "resnet50-v1.5": Case(
        lambda: vision().resnet50(),
        (97, 129),
        {
            "stride in the 1x1": stride_first,
            "activation before the sum": at("conv3_4.body.2", Conv, act="relu"),
            "no activation after the sum": at("conv2_2", Residual, act="none"),
            "eps": eps(1e-3),
        },
    ),
    "resnet152-v1.5": Case(
        lambda: vision().resnet152(), (97, 129), {"activation before one sum of 50": at("conv4_18.body.2", Conv, act="relu")}
    ),
    # The linear layers of a VGG read 7x7, which only its own grid gives.
    "vgg11": Case(lambda: vision().vgg11(), (224, 224), {"activation of fc7": at("fc7", Linear, act="none")}),
    "vgg16": Case(lambda: vision().vgg16(), (224, 224), {"mean for max": at("pool3", Pool, kind="avg")}),
    "vgg19": Case(lambda: vision().vgg19(), (224, 224), {"one activation": at("conv4_4", Conv, act="none")}),
}


# Equal weights.


class Numbers:
    """Random numbers that a run repeats."""

    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)

    def about(self, size: torch.Size | int, deviation: float) -> Tensor:
        """Around zero; uniform, since millions of normal numbers take seconds."""
        return self.between(size, -math.sqrt(3) * deviation, math.sqrt(3) * deviation)

    def between(self, size: torch.Size | int, low: float, high: float) -> Tensor:
        return torch.empty(size, dtype=torch.float64).uniform_(low, high, generator=self.generator)


def in_order(net: nn.Module, images: Tensor) -> Iterator[nn.Module]:
    """Layers with weights as they run in training; asked on their way in, because ours run their norm inside."""
    order: list[nn.Module] = []
    layers = [layer for layer in net.modules() if isinstance(layer, WEIGHTED)]
    hooks = [layer.register_forward_pre_hook(lambda layer, _: order.append(layer)) for layer in layers]
    net.train()(images)
    for hook in hooks:
        hook.remove()
    return iter(order)


def equalise(ours: Net, theirs: nn.Module, image: torch.Size) -> None:
    """Give two networks without numbers the same ones, layer by layer as they run."""
    images = torch.empty((2, *image), device="meta")
    numbers = Numbers(0)
    last = None
    for mine, other in zip(in_order(ours, images), in_order(theirs, images), strict=True):
        assert any(isinstance(mine, kind) and isinstance(other, kind) for kind in WEIGHTED), (mine, other)
        assert mine.weight.shape == other.weight.shape, (mine, other)
        if isinstance(mine, nn.BatchNorm2d):
            assert last is not None
            equal_norm(mine, other, *last, numbers)
        else:
            equal_weights(mine, other, numbers)
            last = (mine, other)
    # Each layer has run: numbers came to all that wait for them.
    assert not [name for net in (ours, theirs) for name, value in net.state_dict().items() if value.is_meta]


def equal_weights(mine: ConvUnit | LinearUnit, other: nn.Conv2d | nn.Linear, numbers: Numbers) -> None:
    """He's weights; a published bias beside a norm is left to equal_norm."""
    gain = 2 if mine.relu else 1
    mine.weight = other.weight = constant(numbers.about(mine.weight.shape, math.sqrt(gain / mine.weight[0].numel())))
    if other.bias is not None:
        other.bias = constant(numbers.about(len(other.weight), 0.3))
        assert mine.bias is not None or mine.norm is not None, mine
    if mine.bias is not None:
        mine.bias = other.bias


def equal_norm(mine: nn.BatchNorm2d, other: nn.BatchNorm2d, conv: ConvUnit, published: nn.Conv2d, numbers: Numbers) -> None:
    """A norm with nothing left at its default; a bias of the published convolution before it goes into our mean."""
    size = mine.num_features
    strength = 1.0 if conv.relu else DAMPED
    mine.weight = other.weight = constant(numbers.between(size, 0.5, 1.5) * strength)
    mine.bias = other.bias = constant(numbers.about(size, 0.3) * strength)
    other.running_mean, other.running_var = numbers.about(size, 0.3), numbers.between(size, 0.5, 1.5)
    mine.running_mean, mine.running_var = other.running_mean.clone(), other.running_var.clone()
    if conv.bias is None and published.bias is not None:
        mine.running_mean -= published.bias
    for norm in (mine, other):
        norm.num_batches_tracked = torch.tensor(0)
        norm.momentum = 0.0  # a comparison in training must leave the next one its means


def constant(values: Tensor) -> nn.Parameter:
    return nn.Parameter(values, requires_grad=False)


def without_dropout(net: nn.Module) -> nn.Module:
    """The same network; two draws of dropout would differ in training."""
    for layer in net.modules():
        if isinstance(layer, nn.Dropout):
            layer.p = 0.0
    return net


# Comparisons.


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Work this small gains little from more, and the threads of several workers on few cores wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module", params=CASES)
def twins(request) -> Twins:
    case = CASES[request.param]
    spec = network(request.param)
    with torch.device("meta"):
        theirs = without_dropout(case.publish())
    ours = without_dropout(build(spec, aux=case.aux, device="meta"))
    equalise(ours, theirs, torch.Size((spec.input.channels, *spec.input.grid)))
    return Twins(spec, ours, theirs, Numbers(1).about(torch.Size((2, 3, *case.grid)), 1.0), case.slips)


def logits(net: nn.Module, images: Tensor) -> Tensor:
    with torch.no_grad():
        return net.eval()(images)


def trained(net: nn.Module, images: Tensor) -> tuple[Tensor, Tensor]:
    """Logits and auxiliary logits of training."""
    with torch.no_grad():
        out = net.train()(images)
    return (out.logits, out.aux[0]) if isinstance(out, Outputs) else (out.logits, out.aux_logits)


def apart(found: Tensor, expected: Tensor) -> float:
    """The largest difference, as a share of the largest number."""
    return float((found - expected).abs().max() / expected.abs().max())


def test_equals_the_published_network(twins: Twins) -> None:
    expected = logits(twins.theirs, twins.images)
    assert expected.shape == (2, 1000)
    assert apart(logits(twins.ours, twins.images), expected) < SAME


def test_a_slip_would_show(twins: Twins) -> None:
    expected = logits(twins.theirs, twins.images)
    moved = {slip: apart(logits(twins.slipped(rule), twins.images), expected) for slip, rule in twins.slips.items()}
    assert {slip: by for slip, by in moved.items() if not by > OTHER} == {}


@pytest.mark.parametrize("twins", ["inception-v3"], indirect=True)
def test_equals_the_published_network_in_training(twins: Twins) -> None:
    """Three images: a norm over two numbers leaves only their signs, and the head norms a 1x1 grid."""
    images = Numbers(2).about(torch.Size((3, 3, 299, 299)), 1.0)
    expected, expected_aux = trained(twins.theirs, images)
    found, found_aux = trained(twins.ours, images)
    assert apart(found, expected) < SAME
    assert apart(found_aux, expected_aux) < SAME
    slipped, slipped_aux = trained(twins.slipped(at("aux.0", Pool, kind="max")), images)
    assert apart(slipped, expected) < SAME
    assert apart(slipped_aux, expected_aux) > OTHER
