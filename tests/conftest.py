"""How the tests run: hypothesis without a clock, and two warnings of other people's code left alone."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings

# Elsewhere than in continuous integration every run tries other examples.
settings.register_profile(
    "house",
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("house")

# fvcore compiles a loss when it is imported and traces what it counts; torch has moved on from both.
FOREIGN = ("ignore:.torch.jit.(script|trace).* is deprecated:DeprecationWarning",)


@pytest.fixture
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured for real, in as few calls and rounds as there can be, so that budgets may be as long as a busy machine needs."""
    from inception_analyzer.lab import pairing
    from inception_analyzer.stats import Plan, plan_for

    def least(*_: float) -> Plan:
        return replace(plan_for(0.0, 1.0), short=False)

    monkeypatch.setattr(pairing, "WARM_SECONDS", 0.0)
    monkeypatch.setattr(pairing, "WARM_CALLS", 2)
    monkeypatch.setattr(pairing, "plan_for", least)


def pytest_configure(config: pytest.Config) -> None:
    # Started in the background, a shell has interruptions ignored, and what tests start and interrupt would inherit that.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for line in FOREIGN:
        config.addinivalue_line("filterwarnings", line)
