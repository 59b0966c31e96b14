"""All claims in the order of the texts, under handles such as A2, and how they are asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from inception_analyzer.claims import (
    asymmetric,
    auxiliary,
    branches,
    composed,
    first_layer,
    googlenet,
    grids,
    inception_v4,
    kernels,
    modules,
    normalization,
    padding,
    placement,
    residual,
    residual_cost,
    results,
    rethinking,
    scale,
    sides,
    sizes,
    smoothing,
    training_memory,
    vgg,
    whitening,
    widths,
)
from inception_analyzer.claims.model import Claim
from inception_analyzer.errors import AnalyzerError

FACTORIZED_KERNELS = (
    *kernels.CLAIMS,
    *widths.CLAIMS,
    *composed.CLAIMS,
    *asymmetric.CLAIMS,
    *sides.CLAIMS,
    *first_layer.CLAIMS,
    *grids.CLAIMS,
)

RESIDUAL_NETWORKS = (
    *residual_cost.CLAIMS,
    *residual.CLAIMS,
    *training_memory.CLAIMS,
    *scale.CLAIMS,
    *inception_v4.CLAIMS,
    *results.CLAIMS,
)

SECTIONS: tuple[tuple[str, str, tuple[Claim, ...]], ...] = (
    ("A", "factorized kernels", FACTORIZED_KERNELS),
    (
        "B",
        "GoogLeNet",
        (*padding.CLAIMS, *modules.CLAIMS, *branches.CLAIMS, *googlenet.CLAIMS, *sizes.CLAIMS, *vgg.CLAIMS, *placement.CLAIMS),
    ),
    ("C", "auxiliary heads", auxiliary.CLAIMS),
    ("D", "Inception-v2 and v3", rethinking.CLAIMS),
    ("E", "label smoothing", smoothing.CLAIMS),
    ("F", "batch normalization", (*normalization.CLAIMS, *whitening.CLAIMS)),
    ("G", "Inception-v4 and the residual networks", RESIDUAL_NETWORKS),
)

CLAIMS: Mapping[str, Claim] = {claim.id: claim for _, _, claims in SECTIONS for claim in claims}
HANDLES: Mapping[str, str] = {
    claim.id: f"{letter}{number}" for letter, _, claims in SECTIONS for number, claim in enumerate(claims, 1)
}

# What a handle looks like, or a glob of handles.
HANDLE = re.compile(r"[a-z][\d*?\[\]!-]*")


def find(asked: Sequence[str]) -> tuple[Claim, ...]:
    """The claims of these ids, handles or globs, in the order of the texts; all of them where nothing is asked."""
    if not asked:
        return tuple(CLAIMS.values())
    wanted = {name for text in asked for name in _matching(text)}
    return tuple(claim for name, claim in CLAIMS.items() if name in wanted)


def _matching(text: str) -> list[str]:
    bare = text.strip().lower()
    # `A*` asks for a section, although ids may begin with that letter too.
    found = [name for name in CLAIMS if HANDLE.fullmatch(bare) and fnmatchcase(HANDLES[name].lower(), bare)]
    found = found or [name for name in CLAIMS if fnmatchcase(name, bare)]
    # A narrower statement is shown with the claim that it belongs to.
    found = found or [name for name, claim in CLAIMS.items() if bare in {f"{name}.{check.name}" for check in claim.checks}]
    if not found:
        raise _unknown(text, bare)
    return found


def _unknown(text: str, bare: str) -> AnalyzerError:
    if set("*?[") & set(bare):
        return AnalyzerError(f"no claim matches {text}", ("described", "inception-analyze list claims"), word=text)
    near = get_close_matches(bare, CLAIMS, n=3, cutoff=0.5) or [name for name in CLAIMS if bare and bare in name][:3]
    facts = (("did you mean", "  ".join(near)),) if near else ()
    return AnalyzerError(f"no claim is called {text}", *facts, ("described", "inception-analyze list claims"), word=text)
