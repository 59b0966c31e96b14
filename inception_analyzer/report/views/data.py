"""The data that a page carries for those who want to compute with it: figures without raw layers and samples."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from inception_analyzer.claims import HANDLES
from inception_analyzer.evidence import Count
from inception_analyzer.report import measurements, weighed
from inception_analyzer.report.amounts import sentence_text
from inception_analyzer.report.data import SCHEMA
from inception_analyzer.report.records import Record
from inception_analyzer.report.story import Story, unasked
from inception_analyzer.report.views.networks import everything
from inception_analyzer.version import VERSION

RAW = frozenset({"samples", "processes", "host_samples", "sensed"})


def embedded(story: Story) -> Markup:
    """As JSON that no browser can take for markup, whatever it holds."""
    text = json.dumps(data(story), separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def data(story: Story) -> Record:
    """Networks, claims, measurements and memory, the machine, and which parts are there."""
    return {
        "schema": SCHEMA,
        "command": "report",
        "asked": story.command,
        "tool": {"name": "inception-analyzer", "version": VERSION},
        "convention": "paper-mac",
        "made": story.made,
        "machine": dict(story.machine),
        "parts": [{"name": part.name, "state": part.state, "reason": part.reason} for part in story.parts],
        "unasked": unasked(story),
        "networks": [_network(one.count) for one in everything(story)],
        "claims": [
            {
                "id": one.claim.id,
                "handle": HANDLES[one.claim.id],
                "verdict": one.finding.verdict,
                "claimed": one.claim.claimed,
                "found": sentence_text(one.finding.found),
                "found_values": [amount.value for amount in one.finding.found.amounts],
                "reason": sentence_text(one.finding.reason),
            }
            for one in story.judged
        ],
        "measurements": [_lean(record) for record in measurements.records(story.measured)],
        "memory": weighed.records(story.memory),
    }


def _network(count: Count) -> Record:
    network, cost = count.network, count.cost
    return {
        "expression": network.label,
        "name": network.name,
        "title": network.title,
        "input": [count.input.channels, count.input.height, count.input.width],
        "params": cost.params,
        "macs": cost.macs,
        "macs_backward": cost.macs_backward,
        "activations": cost.activations,
        "depth": count.depth.layers,
    }


def _lean(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in RAW}
