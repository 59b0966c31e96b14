"""The pytest plugin: fixtures `cost_of` and `costs`, marker `cost_budget`, option `--update-costs`.

It is loaded into every test run where this program is installed, so it imports next to nothing before a test asks for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

from inception_analyzer.errors import AnalyzerError

if TYPE_CHECKING:
    from inception_analyzer.testing import Costed
    from inception_analyzer.testing.stored import Costs

UPDATE = "--update-costs"
MARKER = "cost_budget"
DESCRIBED = f"{MARKER}(model, input=None, **limits): fail where the model exceeds a limit, such as macs='<=6G'."
WRITTEN = pytest.StashKey[dict[Any, Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("inception-analyzer", "costs of networks")
    group.addoption(UPDATE, action="store_true", default=False, help="Store what costs.check finds, beside each test.")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", DESCRIBED)
    if not config.getoption(UPDATE):
        return
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise pytest.UsageError(f"{UPDATE} is for where a change is made, and CI is set: store costs there, and commit them")
    if getattr(config.option, "numprocesses", None):
        raise pytest.UsageError(f"{UPDATE} writes one file from one process: run it without -n")


@pytest.fixture
def cost_of(request: pytest.FixtureRequest) -> Callable[..., Costed]:
    """What a model costs: `cost_of("v3").macs`; files are looked for beside the test first."""
    from inception_analyzer.testing import cost_of as count

    def found(model: object, *, input: object = None) -> Costed:
        __tracebackhide__ = True
        return count(model, input=input, beside=request.path.parent)

    return found


@pytest.fixture
def costs(request: pytest.FixtureRequest) -> Costs:
    """Costs that are stored beside the test: `costs.check("v3")`, written by --update-costs."""
    from inception_analyzer.testing.stored import Costs

    config = request.config
    return Costs(request.path, config.getoption(UPDATE), config.stash.setdefault(WRITTEN, {}))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Every budget of a test is looked at before the test runs."""
    for marker in item.iter_markers(MARKER):
        _keep(item, marker)
    return (yield)


def _keep(item: pytest.Item, marker: pytest.Mark) -> None:
    from inception_analyzer.testing import assert_cost

    asked = dict(marker.kwargs)
    models = [*marker.args, *([asked.pop("model")] if "model" in asked else [])]
    if len(models) != 1:
        pytest.fail(
            f"{MARKER} names {len(models) or 'no'} models, and one is right: {MARKER}('v3', macs='<=6G')", pytrace=False
        )
    told = ""
    try:
        assert_cost(models[0], beside=item.path.parent, **asked)
    except (AssertionError, AnalyzerError) as error:
        told = str(error)
    if told:  # out of the handler, or pytest tells both failures
        pytest.fail(told, pytrace=False)
