"""What a device can do of what is asked: refused where it cannot, doubted where torch takes a detour without a word."""

from __future__ import annotations

from functools import cache

import torch

from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.timings import Setup

AMPERE = 8  # the first generation of GPUs with tf32 and bf16


def refuse_impossible(setup: Setup) -> None:
    """Before anything is built: what no network could be measured with here."""
    if setup.mode == "cuda-graph" and torch.device(setup.device).type != "cuda":
        facts = (
            ("asked", f"--mode cuda-graph on {setup.device}"),
            ("instead", "--mode eager or compile, or --device cuda where there is a GPU"),
        )
        raise AnalyzerError("only a CUDA device records graphs", *facts, word="cuda-graph", code=FAILED)


def ability_doubts(setup: Setup) -> list[str]:
    """Numbers that this device has not of its own."""
    match torch.device(setup.device).type, setup.dtype:
        case "cuda", "tf32" if _generation(setup.device) < AMPERE:
            return ["this GPU has no tf32: it ran in fp32"]
        case "cuda", "bf16" if _generation(setup.device) < AMPERE:
            return ["this GPU has no bf16 of its own, which is slow"]
        case ("cpu" | "mps") as kind, "tf32":
            return [f"tf32 is a number of NVIDIA's GPUs: on {kind} it is fp32"]
        case "cpu", ("bf16" | "fp16") as half if not _processor_has(half):
            return [f"this processor has no {half} of its own, which is slow"]
    return []


def _generation(device: str) -> int:
    return int(torch.cuda.get_device_properties(torch.device(device)).major)


@cache
def _processor_has(half: str) -> bool:
    """As torch's library of convolutions sees it; nothing is doubted where it does not say."""
    asked = getattr(torch.ops.mkldnn, f"_is_mkldnn_{half}_supported", None)
    return asked is None or bool(asked())
