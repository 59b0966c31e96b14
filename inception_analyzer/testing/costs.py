"""What tests call: the cost of a model, and the assertion that it keeps its limits."""

from __future__ import annotations

from pathlib import Path

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.testing.limits import Asked, complaint, limits_of
from inception_analyzer.testing.subjects import Costed, costed


def cost_of(model: object, *, input: object = None, beside: Path | None = None) -> Costed:
    """What a model costs for one image: an expression, a file, a network, or a torch module with its input."""
    __tracebackhide__ = True
    try:
        return costed(model, input, beside=beside)
    except AnalyzerError as error:
        raise error.with_traceback(None) from None  # a reader of a failing test sees the line of the test


def assert_cost(model: object, *, input: object = None, beside: Path | None = None, **limits: Asked) -> Costed:
    """Fail where a limit is exceeded: `assert_cost("v3", macs="<=6G", params="<=24M")`; the cost is returned.

    A file is looked for in `beside` first, then where the tests are run.
    """
    __tracebackhide__ = True
    try:
        asked = limits_of(limits)
        found = costed(model, input, beside=beside)
        told = complaint(found, asked)
    except AnalyzerError as error:
        raise error.with_traceback(None) from None
    if told:
        raise AssertionError(told)
    return found
