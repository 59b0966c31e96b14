"""A check as OpenMetrics text, which GitLab compares between a merge request and its target."""

from __future__ import annotations

from collections.abc import Iterator

from inception_analyzer.gates.metrics import words_of
from inception_analyzer.report.checked import Told

PREFIX = "inception"
END = "# EOF"
UNITS = {"latency": "_seconds", "peak": "_bytes", "energy": "_joules"}


def metrics(told: Told) -> str:
    """What every model costs now, a gauge for each metric."""
    return "\n".join([*_lines(told), END]) + "\n"


def problem() -> str:
    """A check that could not be made has nothing to compare."""
    return f"{END}\n"


def _lines(told: Told) -> Iterator[str]:
    for metric in dict.fromkeys(line.metric for line in told.checked.lines if line.after is not None):
        name = _name(metric)
        yield f"# TYPE {name} gauge"
        unit = UNITS.get(metric.partition(".")[0], "_bytes" if metric.endswith("_bytes") else "")
        if unit:
            yield f"# UNIT {name} {unit[1:]}"
        yield f"# HELP {name} {words_of(metric)}"
        found = {line.model: line.after for line in told.checked.lines if line.metric == metric}
        yield from (f'{name}{{model="{_label(model)}"}} {value}' for model, value in found.items() if value is not None)


def _name(metric: str) -> str:
    kind, _, phase = metric.partition(".")
    return f"{PREFIX}_{'_'.join(filter(None, (kind, phase.replace('-', '_'))))}{UNITS.get(kind, '')}"


def _label(text: str) -> str:
    """Escaped; GitLab takes `#` for the begin of a comment even between quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("#", "_")
