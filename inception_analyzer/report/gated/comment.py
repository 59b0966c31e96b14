"""A check as Markdown for a pull request or a summary: the verdict as title, what is limited and changed, the rest folded."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.gates.baseline import Model
from inception_analyzer.gates.blocks import Block, blocks_of, changed
from inception_analyzer.gates.check import FAILING, OPEN, Change, Line
from inception_analyzer.gates.metrics import words_of
from inception_analyzer.report.checked import OUTCOMES, Told, verdict_of, ways_out
from inception_analyzer.report.gated.remarks import between_text, counted_text, reason_text, remarks
from inception_analyzer.report.gated.words import (
    by_model,
    change_text,
    changed_models,
    headline,
    known_texts,
    limit_text,
    share_text,
    worst_first,
)
from inception_analyzer.report.markdown import escape, spaced
from inception_analyzer.report.quantity import in_unit, many, ratio
from inception_analyzer.version import VERSION

MARKER = "<!-- inception-analyze:check -->"

# GitHub refuses comments of more than 65,536 characters, and drops a whole summary of more than 1 MiB.
COMMENT, SUMMARY = 60_000, 1_000 * 2**10
ROWS = 50  # figures that are listed; a comment is no archive
TIMES = r"(?<=\d)x(?=[ ,]|$)"
NAMED = 3  # layers and models named in a sentence
LONG = 120  # characters of a name; more is cut


def comment(told: Told, limit: int = COMMENT) -> str:
    """The body of the one comment that is updated: its hidden first line is how it is found again."""
    return f"{MARKER}\n{summary(told, limit - len(MARKER) - 1)}"


def summary(told: Told, limit: int = SUMMARY) -> str:
    """The check as a page of at most so many bytes, which are never fewer than its characters."""
    title = f"### Cost {_short(re.sub(TIMES, '×', headline(told.checked)))}"
    rows = [line for line in told.checked.lines if line.outcome != "same"]
    table, where = [_table(rows, told.before)] if rows else [], _where(told) if rows else []
    said, folded = _remarks(rows, told.checked.notices)
    blocks = [*folded, *(_details(f"All blocks of {model}{part}", text) for model, part, text in _blocks(told))]
    tail = [*_ways_out(told), _conditions(told)]
    if rows and told.checked.status == "pass" and not told.checked.warnings:
        what = "What changed" if any(line.outcome not in OPEN for line in rows) else "What could not be told"
        return _fitted([title, *said], [_details(what, "\n\n".join([*table, *where])), *blocks], tail, limit)
    return _fitted([title, *table, *said, *where], blocks, tail, limit)


def _remarks(rows: Sequence[Line], notices: Sequence[str]) -> tuple[list[str], list[str]]:
    """Notices, waivers, doubts and reasons: below the table while they are few, else folded."""
    found = [*notices, *remarks((line for line in rows if line.metric), reason_text, NAMED)]
    more = [f"- {len(found) - ROWS} more: `--format json` has the rest."] if len(found) > ROWS else []
    text = "\n".join([*(f"- {spaced(escape(told))}" for told in found[:ROWS]), *more])
    if len(found) <= NAMED:
        return ([text] if found else []), []
    return [], [_details(f"{len(found)} remarks: waivers, doubts, reasons", text)]


def problem_comment(error: AnalyzerError) -> str:
    """A check that could not be made, in the same place as one that was."""
    return f"{MARKER}\n{problem_summary(error, COMMENT - len(MARKER) - 1)}"


def problem_summary(error: AnalyzerError, limit: int = SUMMARY) -> str:
    """The same for a summary."""
    facts = [f"- {escape(label)}: {escape(text)}" for label, text in error.facts]
    blocks = [f"### Cost check undecided: {_short(error.what)}", *(["\n".join(facts)] if facts else [])]
    return _fitted(blocks, [], [f"<sub>inception-analyze {VERSION}</sub>"], limit)


def _fitted(head: Sequence[str], details: Sequence[str], tail: Sequence[str], limit: int) -> str:
    """Whole details are left out from the end until the rest fits, with a line that says so."""
    for kept in range(len(details), -1, -1):
        left = len(details) - kept
        note = [f"{many(left, 'part')} left out for want of room: `--format json` has them."] if left else []
        text = "\n\n".join([*head, *details[:kept], *note, *tail]) + "\n"
        if len(text.encode()) <= limit:
            return text
    return f"{head[0]}\n\nThe rest is left out for want of room: `--format json` has it.\n"


def _table(lines: Sequence[Line], before: str) -> str:
    order = list(OUTCOMES)
    failing = worst_first(line for line in lines if line.outcome in FAILING)
    others = sorted((line for line in lines if line.outcome not in FAILING), key=lambda line: order.index(line.outcome))
    listed = [*failing, *others]
    heads = f"| | network | quantity | {_short(before)} | now | change | limit |\n| :-- | :-- | :-- | --: | --: | --: | --: |"
    more = [f"\n{many(len(listed) - ROWS, 'more row')}: `--format json` has the rest."] if len(listed) > ROWS else []
    return "\n".join([heads, *(_row(line) for line in listed[:ROWS]), *more])


def _row(line: Line) -> str:
    sign, word, _ = verdict_of(line)
    loud = line.outcome in FAILING
    before, after = known_texts(line.metric, line.before, line.after)
    words = words_of(line.metric) if line.metric else line.reason
    cells = [f"{sign} {word}", line.model, words, before, after, _change(line), limit_text(line)]
    strong = {0, 1, 2, 4, 5} if loud else set()
    texts = [_short(text) for text in cells]
    return "| " + " | ".join(f"**{text}**" if i in strong and text else text for i, text in enumerate(texts)) + " |"


def _change(line: Line) -> str:
    """The change, and where it was measured the ends that it lies between."""
    return ", ".join(filter(None, (_signs(change_text(line)), between_text(line).replace("x ", "× "))))


def _where(told: Told) -> list[str]:
    """One line for each model whose figures changed, and one for those that stayed."""
    found = changed_models(told.checked)
    places = [_place(told, model, metric, changes) for model, (metric, changes) in list(found.items())[:NAMED]]
    if len(found) > NAMED:
        places.append(f"{many(len(found) - NAMED, 'more network')} changed.")
    lines = by_model(told.checked.lines)
    same = [model for model, its in lines.items() if all(line.outcome in ("same", *OPEN) for line in its)]
    if same:
        names = ", ".join(map(_short, same[:ROWS]))
        places.append(f"Unchanged: {names}{f' and {len(same) - ROWS} more' if len(same) > ROWS else ''}.")
    return ["  \n".join(places)] if places else []


def _place(told: Told, model: str, metric: str, changes: Sequence[Change]) -> str:
    blocks = _blocks_of(told, model, metric)
    if not blocks:
        return f"**Where:** {_short(model)}. {words_of(metric).capitalize()}: {_named(changes, metric)}."
    moved = changed(blocks)
    where = f"block {_code(moved[0].name)}" if len(moved) == 1 else f"{len(moved)} of {len(blocks)} blocks of {_short(model)}"
    of = f" of {_short(model)}" if len(moved) == 1 else ""
    return f"**Where:** {where}{of}. {words_of(metric).capitalize()} by layer: {_named(changes, metric)}."


def _named(changes: Sequence[Change], metric: str) -> str:
    layers = ", ".join(_layer(one, metric) for one in changes[:NAMED])
    return f"{layers}{f' and {len(changes) - NAMED} more' if len(changes) > NAMED else ''}"


def _layer(one: Change, metric: str) -> str:
    before, after = (spaced(text) for text in known_texts(metric, one.before, one.after))
    if one.before is None or one.after is None:
        return f"{_code(one.path)} {'new' if one.before is None else 'gone'}, {before or after}"
    times = ratio(one.after, one.before).replace("x", "×")
    return f"{_code(one.path)} {before} → {after}, {times}" if times else f"{_code(one.path)} {before} → {after}"


def _blocks_of(told: Told, model: str, metric: str) -> tuple[Block, ...]:
    before, now = told.known.models.get(model), {one.name: one for one in told.now}.get(model)
    nothing = Model(model, "", {})
    return blocks_of(before or nothing, now or nothing, metric)


def _blocks(told: Told) -> Iterable[tuple[str, str, str]]:
    """Of each model that changed: its name, how many blocks did, and all of them as a table."""
    for model, (metric, _) in changed_models(told.checked).items():
        blocks = _blocks_of(told, model, metric)
        if not blocks:  # of what layers do not add up to
            continue
        yield _short(model), f", {len(changed(blocks))} of {len(blocks)} changed", _block_table(blocks, metric, told.before)


def _block_table(blocks: Sequence[Block], metric: str, before_head: str) -> str:
    total = Block("total", sum(one.before or 0 for one in blocks), sum(one.after or 0 for one in blocks))
    every = [*blocks, total]
    largest = round(max(total.before or 0, total.after or 0))
    for digits in range(5, 16):
        unit, before = in_unit([round(one.before or 0) for one in every], largest, digits)
        after = in_unit([round(one.after or 0) for one in every], largest, digits)[1]
        if all((one.before == one.after) == (a == b) for one, a, b in zip(every, before, after, strict=True)):
            break  # what differs never looks equal
    of = f", {unit}" if unit else ""
    heads = f"| block, {words_of(metric)} | {_short(before_head)}{of} | now{of} | change |\n| :-- | --: | --: | --: |"
    rows = [_block_row(one, *texts) for one, *texts in zip(every, before, after, strict=True)]
    return "\n".join([heads, *rows])


def _block_row(one: Block, before: str, after: str) -> str:
    change = "new" if one.before is None else "gone" if one.after is None else _signs(share_text(one.before, one.after))
    loud = "" if change == "=" else "**"
    name = f"**{_short(one.name)}**" if one.name == "total" else _short(one.name)
    return f"| {name} | {before} | {after} | {loud}{spaced(change)}{loud} |"


def _ways_out(told: Told) -> list[str]:
    """The command that accepts, ready to be copied; what is no command is said in a line."""
    found = []
    for sentence, thing in ways_out(told):
        if thing == told.accept:
            commands = f"```sh\n{told.accept}\ngit add {shlex.quote(told.baseline)}\n```"
            found.append(_details(sentence.partition(",")[0].rstrip(":"), commands))
        else:
            found.append(f"{sentence} {_short(thing)}.")
    return found


def _conditions(told: Told) -> str:
    models = len(dict.fromkeys(line.model for line in told.checked.lines))
    limits = sum(bool(line.metric) for line in told.checked.lines)
    asked = f"{many(models, 'network')}, {many(limits, 'limit')}, {counted_text(told.checked.lines)}"
    return f"<sub>{asked} · baseline {_short(told.baseline)} · inception-analyze {VERSION}</sub>"


def _details(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


def _short(text: str) -> str:
    """Text in which nothing is markup, no longer than a reader wants."""
    return spaced(escape(text if len(text) <= LONG else f"{text[: LONG - 1]}…"))


def _code(text: str) -> str:
    """A path in a fixed width; what could end it there is left to the escapes of plain text."""
    return _short(text) if "`" in text or "|" in text else f"`{text[:LONG]}`"


def _signs(text: str) -> str:
    """The signs of a page: `−3.1 %` and `2.25×`."""
    return text.replace("-", "−", 1) if text.startswith("-") else f"{text[:-1]}×" if text.endswith("x") else text
