"""Every network by name: the catalogue, its short names, and what to say when a name is not in it."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.networks.alexnet import alexnet as alexnet_network
from inception_analyzer.networks.bn_inception import bn_inception as bn_inception_network
from inception_analyzer.networks.bn_inception import bn_inception_96
from inception_analyzer.networks.googlenet import bn_googlenet, googlenet_separable
from inception_analyzer.networks.googlenet import googlenet as googlenet_network
from inception_analyzer.networks.inception_resnet import inception_resnet_v1, inception_resnet_v2, inception_resnet_v2_paper
from inception_analyzer.networks.inception_v4 import inception_v4 as inception_v4_network
from inception_analyzer.networks.resnet import resnet50, resnet50_v15, resnet152, resnet152_v15
from inception_analyzer.networks.rethinking import inception_v2, inception_v2_table1, inception_v3
from inception_analyzer.networks.vgg import vgg11, vgg16, vgg19
from inception_analyzer.spec import Network

# A function is not imported under the name of its file: it would hide the file.
NETWORKS: dict[str, Callable[[], Network]] = {
    "googlenet": googlenet_network,
    "googlenet-separable": googlenet_separable,
    "bn-googlenet": bn_googlenet,
    "bn-inception": bn_inception_network,
    "bn-inception-96": bn_inception_96,
    "inception-v2": inception_v2,
    "inception-v2-table1": inception_v2_table1,
    "inception-v3": inception_v3,
    "inception-v4": inception_v4_network,
    "inception-resnet-v1": inception_resnet_v1,
    "inception-resnet-v2": inception_resnet_v2,
    "inception-resnet-v2-paper": inception_resnet_v2_paper,
    "alexnet": alexnet_network,
    "vgg11": vgg11,
    "vgg16": vgg16,
    "vgg19": vgg19,
    "resnet50": resnet50,
    "resnet152": resnet152,
    "resnet50-v1.5": resnet50_v15,
    "resnet152-v1.5": resnet152_v15,
}

ALIASES = {
    "v1": "googlenet",
    "bn": "bn-inception",
    "v2": "inception-v2",
    "v3": "inception-v3",
    "v4": "inception-v4",
    "ir1": "inception-resnet-v1",
    "ir2": "inception-resnet-v2",
}


def network_names() -> tuple[str, ...]:
    """The canonical names, oldest family first."""
    return tuple(NETWORKS)


def short_name(name: str) -> str:
    """The shortest name of a network."""
    return next((alias for alias, full in ALIASES.items() if full == name), name)


@cache
def network(name: str) -> Network:
    """The network of this name or alias."""
    key = ALIASES.get(name.lower(), name.lower())
    if key not in NETWORKS:
        raise _unknown(name)
    return NETWORKS[key]()


def _unknown(name: str) -> AnalyzerError:
    names = [*ALIASES, *NETWORKS]
    # Close by spelling, or the same after dropping the signs that people leave out: inceptionv3, resnet-50.
    bare = {_bare(known): known for known in names}
    near = [bare[key] for key in get_close_matches(_bare(name), bare, n=3, cutoff=0.75)]
    facts = [("did you mean", "  ".join(dict.fromkeys(near)))] if near else []
    shown = [*ALIASES, "alexnet", "vgg16", "resnet50"]
    return AnalyzerError(
        f"no network is called {name}",
        *facts,
        ("networks", "  ".join(shown)),
        ("described", "inception-analyze list"),
        word=name,
    )


def _bare(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(".", "")
