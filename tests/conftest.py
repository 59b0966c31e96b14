"""How the tests run: hypothesis without a clock, and two warnings of other people's code left alone."""

from __future__ import annotations

import os
import signal

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


def pytest_configure(config: pytest.Config) -> None:
    # Started in the background, a shell has interruptions ignored, and what tests start and interrupt would inherit that.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for line in FOREIGN:
        config.addinivalue_line("filterwarnings", line)
