"""How the networks that a claim times came about: the passes over a whole network or over one of its blocks."""

from __future__ import annotations

from dataclasses import replace

from inception_analyzer.claims.counted import block_network
from inception_analyzer.claims.model import Claim
from inception_analyzer.expressions import parse, resolve
from inception_analyzer.passes import Rewritten, rewrite
from inception_analyzer.spec import Network


def rewrites(claim: Claim) -> tuple[Rewritten, ...]:
    """Each rewritten network of the claim's questions once, with its derivation."""
    asked = (side for question in claim.asks() for side in (question.reference, question.other))
    networks = {side.label: side for side in asked if isinstance(side, Network) and "@" in side.label}
    return tuple(map(_rewritten, networks.values()))


def _rewritten(network: Network) -> Rewritten:
    """A block bears the name of its whole, `v3 6a` or `v3@asymmetric 6e`, and as its title the path in it."""
    whole, _, short = network.name.partition(" ")
    if not short:
        return resolve(network.label)
    before, after = parse(whole), parse(network.label.partition(" ")[0])
    found = rewrite(block_network(before.name, network.title), after.passes)
    return replace(found, network=replace(found.network, expression=network.label))
