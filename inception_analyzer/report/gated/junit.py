"""A check as JUnit XML: a suite for each model and a case for each limit, which servers show beside the tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.gates.check import OPEN, UNDECIDABLE, Change, Line
from inception_analyzer.report.checked import Told
from inception_analyzer.report.gated.words import breach_text, by_model, known_texts, limit_text, subject_text

NAME = "inception-analyze check"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def junit(told: Told) -> str:
    """Every line of the check; breaches fail, what cannot be decided is an error, what nobody measured is skipped."""
    suites = [_suite(model, lines, told) for model, lines in by_model(told.checked.lines).items()]
    body = "\n".join(suites)
    return f"{HEAD}<testsuites {_sums(told.checked.lines)}>\n{body}\n</testsuites>\n"


def problem(error: AnalyzerError) -> str:
    """A check that could not be made, as one case that is in error."""
    case = _case("check", NAME, "", _told("error", "undecided", error.what, str(error)))
    sums = 'tests="1" failures="0" errors="1" skipped="0" time="0"'
    suite = f'  <testsuite name="{NAME}" {sums}>\n{case}\n  </testsuite>'
    return f'{HEAD}<testsuites name="{NAME}" {sums}>\n{suite}\n</testsuites>\n'


def _suite(model: str, lines: Sequence[Line], told: Told) -> str:
    cases = "\n".join(_of_line(line, told) for line in lines)
    return f"  <testsuite {_sums(lines, model)}>\n{cases}\n  </testsuite>"


def _sums(lines: Iterable[Line], name: str = NAME) -> str:
    kinds = [_kind(line) for line in lines]
    sums = {"tests": len(kinds), "failures": kinds.count("failure"), "errors": kinds.count("error")}
    sums |= {"skipped": kinds.count("skipped"), "time": 0}
    return f"name={quoteattr(name)} " + " ".join(f'{key}="{value}"' for key, value in sums.items())


def _kind(line: Line) -> str:
    if line.breached:
        return "failure"
    return "error" if line.outcome in UNDECIDABLE else "skipped" if line.outcome in OPEN else ""


def _of_line(line: Line, told: Told) -> str:
    return _case(line.metric or "in the baseline", line.model, told.baseline, _result(line, told))


def _result(line: Line, told: Told) -> str:
    before, after = known_texts(line.metric, line.before, line.after)
    facts = [f"baseline {before}", f"now {after}", f"limit {limit_text(line)}"] if line.metric else []
    accept = [] if line.absolute or not told.accept else [f"to accept: {told.accept}"]
    match _kind(line):
        case "failure":
            text = "\n".join([*facts, *(_layer(one, line.metric) for one in line.changes), *accept])
            return _told("failure", line.outcome, f"{breach_text(line)} ({line.reason})", text)
        case "error":
            return _told("error", line.outcome, f"{subject_text(line)}: {line.reason}", "\n".join([*facts, *accept]))
        case "skipped":
            return f"      <skipped message={quoteattr(line.reason)}/>"
    told_aside = f": {line.reason}" if line.reason else ""
    if line.outcome in ("same", "within", "better"):
        return ""
    return f"      <system-out>{escape(f'{line.outcome}{told_aside}, {breach_text(line)}')}</system-out>"


def _layer(one: Change, metric: str) -> str:
    before, after = known_texts(metric, one.before, one.after)
    return f"{one.path}: {before or 'not there'} → {after or 'gone'}"


def _told(kind: str, outcome: str, message: str, text: str) -> str:
    return f"      <{kind} message={quoteattr(message)} type={quoteattr(outcome)}>{escape(text)}</{kind}>"


def _case(name: str, model: str, file: str, result: str) -> str:
    place = f" file={quoteattr(file)}" if file else ""
    head = f'    <testcase classname={quoteattr(model)} name={quoteattr(name)}{place} time="0"'
    return f"{head}>\n{result}\n    </testcase>" if result else f"{head}/>"
