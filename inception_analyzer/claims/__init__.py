"""All claims in the order of the texts, under handles such as A2, and how they are asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
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

# What a handle looks like, or a glob of handles: `a2`, `a*`, `?2`, `[ab]1`.
HANDLE = re.compile(r"([a-z?]|\[!?[a-z-]+\])[\d*?\[\]!-]*")


def find(asked: Sequence[str]) -> tuple[Claim, ...]:
    """The claims of these ids, handles or globs, in the order of the texts; all of them where nothing is asked."""
    if not asked:
        return tuple(CLAIMS.values())
    wanted = {name for text in asked for name in _matching(text)}
    return tuple(claim for name, claim in CLAIMS.items() if name in wanted)


def narrowed(claim: Claim, asked: str) -> Claim:
    """The claim with the one narrower statement that was asked for, `A2.formula`, or with all of them."""
    name = asked.strip().lower().partition(".")[2]
    return replace(claim, checks=tuple(check for check in claim.checks if check.name == name)) if name else claim


def _matching(text: str) -> list[str]:
    bare = text.strip().lower()
    # `A*` asks for a section, although ids may begin with that letter too.
    found = [name for name in CLAIMS if HANDLE.fullmatch(bare) and fnmatchcase(HANDLES[name].lower(), bare)]
    found = found or [name for name in CLAIMS if fnmatchcase(name, bare)]
    # A narrower statement is shown with the claim that it belongs to.
    found = found or [name for name in CLAIMS if bare in _narrower(name)]
    if not found:
        raise _unknown(text, bare)
    return found


def _narrower(name: str) -> list[str]:
    """The ids of a claim's narrower statements, by its name and by its handle."""
    return [f"{whole}.{check.name}" for whole in (name, HANDLES[name].lower()) for check in CLAIMS[name].checks]


def _unknown(text: str, bare: str) -> AnalyzerError:
    described = ("described", "inception-analyze list claims")
    if set("*?[") & set(bare):
        return AnalyzerError(f"no claim matches {text}", described, word=text)
    whole = next((name for name in CLAIMS if bare.partition(".")[0] in (name, HANDLES[name].lower())), "")
    if whole:
        names = [f"{text.strip().partition('.')[0]}.{check.name}" for check in CLAIMS[whole].checks]
        facts = (("it has", "  ".join(get_close_matches(text, names, n=3, cutoff=0.8) or names)),) if names else ()
        return AnalyzerError(f"no statement of {HANDLES[whole]} is called {text}", *facts, described, word=text)
    near = get_close_matches(bare, CLAIMS, n=3, cutoff=0.5) or [name for name in CLAIMS if bare and bare in name][:3]
    facts = (("did you mean", "  ".join(near)),) if near else ()
    return AnalyzerError(f"no claim is called {text}", *facts, described, word=text)
