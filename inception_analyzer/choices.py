"""The closed choices of a measurement, by name."""

from __future__ import annotations

from typing import Literal

Phase = Literal["forward", "train-forward", "backward", "step", "train-step"]
Dtype = Literal["fp32", "tf32", "bf16", "fp16"]
Layout = Literal["contiguous", "channels-last"]
Mode = Literal["eager", "compile", "cuda-graph"]
Cache = Literal["warm", "flushed"]
Optimizer = Literal["recipe", "sgd"]
Bound = Literal["compute", "memory", "launch"]
EnergySource = Literal["counter", "power"]
Gauge = Literal["allocator", "resident", "lifetime"]  # lifetime: the resident set at its largest since the process began
