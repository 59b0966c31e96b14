"""A story as text: Markdown that reads from top to bottom, and one JSON document."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from inception_analyzer.report import markdown
from inception_analyzer.report.data import SCHEMA
from inception_analyzer.report.document import Document
from inception_analyzer.report.environment import facts
from inception_analyzer.report.quantity import many, minute
from inception_analyzer.report.story import Part, Story, unasked
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.timings import Measurement
from inception_analyzer.version import VERSION

FIRST = 3  # sentences of a finding that stand open

STATES = {
    "interrupted": "This part was interrupted",
    "failed": "This part failed",
    "left out": "This part was left out",
}

# The words that a reader needs who has nothing but the report; the page has more of them.
WORDS = {
    "multiply-add": "one tap of a convolution or linear layer, taps on zero padding included; 1 MAC is 2 FLOPs.",
    "twin": "the same network with its factorizations undone, pass by pass; every block keeps its output and what it sees.",
    "grid": "height and width of the map that a block writes, 17x17.",
    "ratio": "as its head says, B / A; below 1 means less.",
    "measured": "the median of interleaved rounds with its 95 % interval; ~ means that the interval holds both answers.",
    "by roof": "the ratio of the least times that this machine's own ceilings of arithmetic and memory allow.",
    "holds": "equal, or the inequality is true, under the text's own conditions; rounded: once rounded as printed.",
    "depends": "true under a condition that the text does not state; explain shows it and both sides.",
    "does not reproduce": "what is found differs from what is printed under every reading that we found.",
    "undecided": "needs a timer or torch, or the interval includes both answers.",
    "quoted": "needs training on ImageNet; shown as printed, never checked.",
}


def to_markdown(story: Story, pictures: Mapping[str, tuple[tuple[str, str, str], ...]]) -> str:
    """Findings first, then each part; pictures are file, title and caption by part."""
    blocks = ["# What convolutional architectures cost, and what the papers say", *_head(story)]
    for part in story.parts:
        blocks += [f"## {markdown.text(part.title)}", markdown.text(part.caption), *_body(part)]
        blocks += [
            f"![{markdown.text(title)}]({name})\n\n<sub>{markdown.text(caption)}</sub>"
            for name, title, caption in pictures.get(part.name, ())
        ]
    return "\n\n".join(filter(None, [*blocks, *_how(story), f"<sub>{markdown.escape(provenance(story))}</sub>"])) + "\n"


def to_json(story: Story, files: Collection[str] = ()) -> str:
    """Every part's data under its name, the machine, the files beside, and the raw rows from which a later run resumes."""
    whole: dict[str, Any] = {
        "schema": SCHEMA,
        "command": "report",
        "tool": {"name": "inception-analyzer", "version": VERSION},
        "convention": "paper-mac",
        "made": story.made,
        "made_by": story.command,
        "machine": dict(story.machine),
        "parts": [{"name": part.name, "title": part.title, "state": part.state, "reason": part.reason} for part in story.parts],
        "unasked": unasked(story),
        "files": sorted(files),
        "data": {part.name: part.document.data() for part in story.parts if part.document is not None},
        "kept": dict(story.kept),
    }
    return json.dumps(whole, indent=1, allow_nan=False) + "\n"


def findings(story: Story) -> tuple[str, ...]:
    """The first sentence of every part that found one."""
    return tuple(part.document.finding[0] for part in story.parts if part.document is not None and part.document.finding)


def unfinished(story: Story) -> tuple[str, ...]:
    """Which parts are missing, and why; those of one reason in one sentence."""
    missing: dict[tuple[str, str], list[str]] = {}
    for part in story.parts:
        if part.state != "done":
            missing.setdefault((STATES[part.state], part.reason), []).append(part.title)
    return tuple(
        f"{_plural(state) if len(titles) > 1 else state}: {'; '.join(titles)}. {_sentence(reason, len(titles))}"
        for (state, reason), titles in missing.items()
    )


def beyond_budget(story: Story) -> str:
    """What the budget had no room for, and how it is had; nothing where it had."""
    left = unasked(story)
    them = "it" if left == 1 else "them"
    return f"{many(left, 'measurement')} did not fit in the budget; the same command with --resume adds {them}." if left else ""


def provenance(story: Story) -> str:
    """Where the figures come from."""
    return f"{story.command} · {minute(story.made)} · inception-analyze {VERSION} · {machine_text(story.machine)}"


def machine_text(machine: Mapping[str, Any]) -> str:
    """`AMD EPYC, 2 cores, Linux 6.18.44 x86_64, torch 2.13.0`, of what is known."""
    cores = many(machine["cores"], "core") if isinstance(machine.get("cores"), int) else ""
    gpus = [device.partition(" ")[2] for device in machine.get("devices") or () if " " in device]
    named = [machine.get("processor"), cores, *gpus, machine.get("system"), f"torch {machine.get('torch') or 'not used'}"]
    return ", ".join(str(one) for one in named if one)


def _head(story: Story) -> list[str]:
    lines = [f"- {markdown.text(text)}" for text in findings(story)]
    short = [*unfinished(story), *filter(None, [beyond_budget(story)])]
    return [_from(story), "\n".join(lines), *(f"**{markdown.escape(text)}**" for text in short), *_contents(story)]


def _from(story: Story) -> str:
    """Which machine all this is true of, before anything is said."""
    setups = [entry.sample.setup for entry in story.measured if isinstance(entry, Measurement)]
    how = f" Timed on {setups[0].device} in {setups[0].dtype} with {many(setups[0].threads, 'thread')}." if setups else ""
    told = f"Made at {minute(story.made)} on one machine: {machine_text(story.machine)}.{how}"
    return f"{markdown.escape(told)} [What the words mean](#how)."


def _contents(story: Story) -> list[str]:
    """Links as GitHub names its anchors."""
    titles = [*(typeset(part.title) for part in story.parts), "How"]
    return ["Contents: " + " · ".join(f"[{markdown.escape(title)}](#{markdown.anchor(title)})" for title in titles)]


def _body(part: Part) -> list[str]:
    """What is missing of it, and what is there."""
    state = [] if part.state == "done" else [f"**{STATES[part.state]}:** {markdown.escape(_sentence(part.reason))}"]
    return [*state, *(_sections(part.document) if part.document is not None else ())]


def _sections(document: Document) -> list[str]:
    """What is found, then the tables; what is long is folded."""
    lines = [markdown.text(text) for text in document.finding]
    shown = lines if len(lines) <= FIRST else lines[:1]
    rest = lines[len(shown) :]
    return [
        "  \n".join(shown),
        *([markdown.folded(f"{len(rest)} more findings", "  \n".join(rest))] if rest else []),
        *(markdown.section(one) for one in document.sections),
        f"<sub>{markdown.text(document.conditions)}</sub>" if document.conditions else "",
    ]


def _how(story: Story) -> list[str]:
    """What the words mean, and the whole fingerprint."""
    words = "\n".join(f"- **{word}**: {markdown.text(meaning)}" for word, meaning in WORDS.items())
    known = [(name, told) for name, told in facts(story.machine) if told != "none"]
    rows = [f"| {markdown.escape(name)} | {markdown.escape(minute(told))} |" for name, told in known]
    return ["## How", words, "\n".join(["| machine |   |", "| :-- | :-- |", *rows])]


def _plural(state: str) -> str:
    return state.replace("This part was", "These parts were").replace("This part", "These parts")


def _sentence(reason: str, parts: int = 1) -> str:
    """A reason with its first letter and its stop, as it stands behind a sentence."""
    reason = re.sub(r"^it had", "they had", reason) if parts > 1 else reason
    return f"{reason[:1].upper()}{reason[1:]}{'' if reason.endswith('.') else '.'}" if reason else ""
