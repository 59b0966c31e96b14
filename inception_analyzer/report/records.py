"""Counts as the records of the published JSON schema: raw integers under stable names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inception_analyzer.cost import Convention, backward_macs_under, flops_under, gradient_macs, macs_under
from inception_analyzer.evidence import Count, Layer
from inception_analyzer.spec import Shape

Record = dict[str, Any]

MODEL_COLUMNS = (
    "name",
    "expression",
    "title",
    "input",
    "params",
    "params_aux",
    "macs",
    "macs_aux",
    "macs_backward",
    "flops",
    "activations",
    "outputs",
    "kept",
    "kept_aux",
    "bytes_read",
    "bytes_written",
    "depth",
    "depth_with_pools",
)
LAYER_COLUMNS = ("path", "op", "kernel", "stride", "groups", "reads", "writes", "params", "macs", "macs_backward", "aux")
RATIO_COLUMNS = ("params", "macs", "macs_backward", "activations")


def shape_list(shape: Shape) -> list[int]:
    """`[C, H, W]`."""
    return [shape.channels, shape.height, shape.width]


def model_record(count: Count, convention: Convention = "paper-mac", *, layers: bool = True) -> Record:
    """One network; every figure is for one image and without auxiliary heads unless its name says otherwise."""
    cost, network = count.cost, count.network
    macs = macs_under(cost, convention)
    record: Record = {
        "name": network.name,
        "expression": network.label,
        "title": network.title,
        "input": shape_list(count.input),
        "params": cost.params,
        "params_aux": None if count.aux is None else count.aux.params,
        "macs": macs,
        "macs_aux": None if count.aux is None else macs_under(count.aux, convention),
        "macs_backward": backward_macs_under(cost, convention),
        "flops": flops_under(cost, convention),
        "macs_weight_gradient": gradient_macs(cost.weight_grad, convention),
        "macs_input_gradient": gradient_macs(cost.input_grad, convention),
        "activations": cost.activations,
        "outputs": cost.outputs,
        "kept": count.kept,
        "kept_aux": count.kept_aux,
        "bytes_read": cost.bytes_read(),
        "bytes_written": cost.bytes_written(),
        "bytes_read_backward": cost.backward_bytes_read(),
        "bytes_written_backward": cost.backward_bytes_written(),
        "depth": count.depth.layers,
        "depth_with_pools": count.depth.layers + count.depth.pools,
        "doubts": list(count.doubts),
    }
    if layers:
        record["layers"] = [layer_record(layer, convention) for layer in count.layers]
    return record


def layer_record(layer: Layer, convention: Convention = "paper-mac") -> Record:
    """One operation in the order of execution."""
    return {
        "path": layer.path,
        "op": layer.op,
        "kernel": list(layer.kernel) if layer.kernel else None,
        "stride": list(layer.stride) if layer.stride else None,
        "groups": layer.groups,
        "reads": shape_list(layer.reads),
        "writes": shape_list(layer.writes),
        "params": layer.cost.params,
        "macs": macs_under(layer.cost, convention),
        "macs_backward": backward_macs_under(layer.cost, convention),
        "aux": layer.aux,
    }


def batch_record(count: Count, batch: int, convention: Convention) -> Record:
    """What a batch scales: work and activations per image, weights once."""
    cost = count.cost
    return {
        "batch": batch,
        "macs": batch * macs_under(cost, convention),
        "macs_backward": batch * backward_macs_under(cost, convention),
        "activations": batch * cost.activations,
        "outputs": batch * cost.outputs,
        "kept": batch * count.kept,
        "bytes_read": cost.bytes_read(batch),
        "bytes_written": cost.bytes_written(batch),
        "bytes_read_backward": cost.backward_bytes_read(batch),
        "bytes_written_backward": cost.backward_bytes_written(batch),
    }


def ratio_record(model: Mapping[str, Any], reference: Mapping[str, Any]) -> Record:
    """A model against the first one."""
    ratios = {name: model[name] / reference[name] if reference[name] else None for name in RATIO_COLUMNS}
    return {"expression": model["expression"], **ratios}
