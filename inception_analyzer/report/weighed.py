"""What was weighed: the bytes of training by kind and by block, and the peak of each call, predicted beside measured."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from inception_analyzer.choices import Gauge, Phase
from inception_analyzer.report.document import Column, Content, Document, Flat, Note, Table, bold, dim, row, table, with_units
from inception_analyzer.report.quantity import bytes_text, decimals_for, ratio, share
from inception_analyzer.report.records import Record
from inception_analyzer.timings import Memory, Peak

MIB = 2**20
LARGEST = 4  # blocks of a network that are shown; the others are one line

# One table of meaning for what showed a peak.
GAUGES: dict[Gauge, str] = {
    "allocator": "what torch's allocator gave out",
    "resident": "the resident set of a fresh process, libraries aside",
    "lifetime": "the largest resident set of a fresh process so far, libraries aside",
}
KINDS = (
    ("weights and buffers", "parameters"),
    ("gradients", "gradients"),
    ("optimiser state", "optimizer"),
    ("kept for the backward pass", "kept"),
    ("together", "total"),
)
COLUMNS = ("expression", "batch", "parameters", "gradients", "optimizer", "kept", "total")
DROPS = {"gradients": 2, "optimizer": 3}  # as large as the weights, or nearly: they go first
WORDS = {"parameters": "weights", "gradients": "gradients", "optimizer": "optimiser", "kept": "kept", "total": "together"}


def sections(memory: Sequence[Memory], peaks: Sequence[Peak], words: dict[Phase, str]) -> tuple[Table | Note, ...]:
    """Training by kind for each batch, what its blocks keep, and the peaks; `words` say what a phase is called."""
    parts: list[Table | Note] = []
    for batch, same in groupby(memory, lambda one: one.batch):
        weighed = list(same)
        parts += [_by_kind(weighed, batch), _by_block(weighed)]
    return (*parts, *_peaks(peaks, words))


def document(memory: Sequence[Memory]) -> Document:
    """What training holds, a row for each network."""
    most, least = max(memory, key=lambda one: one.total), min(memory, key=lambda one: one.total)
    heads = (
        Column("network", "left"),
        *(Column(f"{WORDS[name]}, MiB", drop=DROPS.get(name, 0)) for _, name in KINDS),
        Column("kept, share", drop=1),
    )
    columns = {name: _column(memory, name) for _, name in KINDS}
    rows = [
        row(
            one.expression,
            *(bold(column[at]) if name == "total" else column[at] for name, column in columns.items()),
            dim(share(one.kept, one.total)),
        )
        for at, one in enumerate(memory)
    ]
    return Document(
        command="memory",
        title="memory of training",
        conditions=f"counted on shapes alone · batch {memory[0].batch} · fp32",
        finding=(
            f"At batch {memory[0].batch} training holds from *{bytes_text(least.total)}* ({least.expression}) to "
            f"*{bytes_text(most.total)}* ({most.expression}).",
        ),
        sections=(table(heads, rows), *((_by_block(memory),) if any(one.by_block for one in memory) else ())),
        flat=lambda: with_units(
            Flat(COLUMNS, tuple({name: getattr(one, name) for name in COLUMNS} for one in memory)),
            dict.fromkeys((name for _, name in KINDS), "bytes"),
        ),
        data=lambda: {"memory": records(memory)},
    )


def _column(memory: Sequence[Memory], name: str) -> list[str]:
    """One kind in MiB with equal decimals; the unit stands in the head."""
    sizes = [getattr(one, name) / MIB for one in memory]
    return [f"{size:,.{decimals_for(max(sizes), 3)}f}" for size in sizes]


def records(memory: Sequence[Memory], peaks: Sequence[Peak] = ()) -> list[Record]:
    """Bytes by kind and by block, with the peaks of the same network and batch; what was not counted is null."""
    found = {(one.expression, one.batch): _record(one) for one in memory}
    for peak in peaks:
        key = (peak.expression, peak.setup.batch)
        found.setdefault(key, _uncounted(*key))["peak"].append(_peak_record(peak))
    return list(found.values())


def _record(one: Memory) -> Record:
    return {
        "expression": one.expression,
        "batch": one.batch,
        **{name: getattr(one, name) for _, name in KINDS},
        "by_block": dict(one.by_block),
        "peak": [],
    }


def _uncounted(expression: str, batch: int) -> Record:
    return {"expression": expression, "batch": batch, **dict.fromkeys(name for _, name in KINDS), "by_block": {}, "peak": []}


def _peak_record(peak: Peak) -> Record:
    return {
        "phase": peak.setup.phase,
        "batch": peak.setup.batch,
        "dtype": peak.setup.dtype,
        "device": peak.setup.device,
        "predicted": peak.predicted,
        "measured": peak.measured,
        "reserved": peak.reserved,
        "built": peak.built,
        "gauge": peak.gauge,
        "error": peak.reason or None,
    }


def _by_kind(memory: Sequence[Memory], batch: int) -> Table:
    heads = (
        Column(f"training memory, batch {batch}", "left", least=28),
        *(Column(one.expression, least=10) for one in memory),
    )
    return table(heads, [row(label, *(bytes_text(getattr(one, name)) for one in memory)) for label, name in KINDS])


def _by_block(memory: Sequence[Memory]) -> Table:
    """The blocks that keep the most, largest first."""
    heads = (Column("kept for backward", "left", least=28), Column("block", "left"), Column("bytes"), Column("share"))
    return table(heads, [line for one in memory for line in _blocks(one)])


def _blocks(one: Memory) -> list[tuple[Content, ...]]:
    ordered = sorted(one.by_block, key=lambda block: -block[1])
    shown, rest = ordered[:LARGEST], ordered[LARGEST:]
    if len(rest) == 1:
        shown, rest = ordered, []
    lines = [
        row(one.expression if not at else "", name, bytes_text(size), share(size, one.kept))
        for at, (name, size) in enumerate(shown)
    ]
    left = sum(size for _, size in rest)
    return [*lines, row("", dim(f"{len(rest)} more"), dim(bytes_text(left)), dim(share(left, one.kept)))] if rest else lines


def _peaks(peaks: Sequence[Peak], words: dict[Phase, str]) -> tuple[Table | Note, ...]:
    known = [peak for peak in peaks if peak.measured is not None or peak.predicted is not None]
    parts: list[Table | Note] = [_peak_table(known, words)] if known else []
    gauges = list(dict.fromkeys(peak.gauge for peak in peaks if peak.gauge))
    if known:
        told = "; ".join(f"measured: {GAUGES[gauge]}" for gauge in gauges)
        parts.append(Note((f"predicted: tensors alive at once, counted on shapes{'; ' * bool(told)}{told}",)))
    missing = [f"{peak.expression}, {words[peak.setup.phase]}: {peak.reason}" for peak in peaks if peak.reason]
    return (*parts, Note(("*not known*", *missing), "")) if missing else tuple(parts)


def _peak_table(peaks: Sequence[Peak], words: dict[Phase, str]) -> Table:
    """The networks of each phase and batch under its name."""
    on_gpu = any(peak.reserved is not None for peak in peaks)
    heads = (
        Column("peak memory of a call", "left", least=28),
        Column("predicted"),
        Column("measured"),
        Column("measured / predicted"),
        *((Column("reserved", drop=1),) if on_gpu else ()),
    )
    lines: list[tuple[Content, ...]] = []
    for setup, same in groupby(peaks, lambda peak: peak.setup):
        lines.append(row(f"{words[setup.phase]}, batch {setup.batch}", *[""] * (len(heads) - 1)))
        lines += [_peak_line(peak)[: len(heads)] for peak in same]
    return table(heads, lines)


def _peak_line(peak: Peak) -> tuple[Content, ...]:
    times = ratio(peak.measured, peak.predicted) if peak.measured and peak.predicted else ""
    return row(f"  {peak.expression}", _bytes(peak.predicted), bold(_bytes(peak.measured)), times, _bytes(peak.reserved))


def _bytes(count: int | None) -> str:
    return "" if count is None else bytes_text(count)
