"""Memory as tables and as data: kinds, the largest blocks, peaks beside predictions, and what is not known."""

from __future__ import annotations

from inception_analyzer.report.document import Cell, Note, Table
from inception_analyzer.report.measured import PHASE_WORDS
from inception_analyzer.report.weighed import records, sections
from inception_analyzer.timings import Memory, Peak, Setup

MIB = 2**20
BLOCKS = tuple((f"block{index}", index * MIB) for index in range(1, 8))
WEIGHED = Memory("v1", 2, 10 * MIB, 10 * MIB, 20 * MIB, 28 * MIB, BLOCKS)
STEP = Setup(phase="train-step", batch=2)
PEAK = Peak("v1", STEP, 100 * MIB, 125 * MIB, None, 40 * MIB, "resident")


def texts(part: Table | Note) -> list[str]:
    if isinstance(part, Note):
        return list(part.lines)
    return [" ".join(cell.text for cell in line if isinstance(cell, Cell) and cell.text) for line in part.rows]


def test_the_largest_blocks_come_first_and_the_others_are_counted() -> None:
    _, blocks = sections([WEIGHED], [], PHASE_WORDS)
    assert texts(blocks) == [
        "v1 block7 7.00 MiB 25.0 %",
        "block6 6.00 MiB 21.4 %",
        "block5 5.00 MiB 17.9 %",
        "block4 4.00 MiB 14.3 %",
        "3 more 6.00 MiB 21.4 %",
    ]


def test_one_more_block_is_shown_and_not_counted() -> None:
    _, blocks = sections([Memory("v1", 2, 1, 1, 1, 15 * MIB, BLOCKS[:5])], [], PHASE_WORDS)
    assert texts(blocks)[-1] == "block1 1.00 MiB 6.7 %"


def test_each_batch_has_its_tables() -> None:
    parts = sections([WEIGHED, Memory("v1", 4, 1, 1, 1, 1, BLOCKS)], [], PHASE_WORDS)
    assert [part.columns[0].head for part in parts if isinstance(part, Table)][::2] == [
        "training memory, batch 2, fp32",
        "training memory, batch 4, fp32",
    ]


def test_a_peak_stands_beside_its_prediction() -> None:
    peaks, note = sections([], [PEAK], PHASE_WORDS)
    assert texts(peaks) == ["training step, batch 2", "  v1 100 MiB 125 MiB 1.25x"]
    assert "resident set of a fresh process" in texts(note)[0]


def test_what_a_gpu_reserved_has_a_column() -> None:
    on_gpu = Peak("v1", Setup(device="cuda"), 100 * MIB, 110 * MIB, 128 * MIB, 40 * MIB, "allocator")
    peaks, _ = sections([], [on_gpu], PHASE_WORDS)
    assert isinstance(peaks, Table)
    assert peaks.columns[-1].head == "reserved"
    assert texts(peaks)[1].endswith("128 MiB")


def test_what_is_missing_is_blank_and_has_its_reason() -> None:
    missing = Peak("v1", STEP, predicted=100 * MIB, reason="out of memory")
    peaks, _, note = sections([], [missing], PHASE_WORDS)
    assert texts(peaks)[1] == "  v1 100 MiB"
    assert texts(note) == ["*not known*", "v1, training step: out of memory"]
    (only,) = sections([], [Peak("v1", STEP, reason="out of memory")], PHASE_WORDS)
    assert isinstance(only, Note)


def test_data_join_peaks_to_their_network_and_batch() -> None:
    forward = Peak("v1", Setup(batch=1), 5, 6, None, 3, "resident")
    training, inference = records([WEIGHED], [forward, PEAK])
    assert (training["total"], training["by_block"]["block7"]) == (68 * MIB, 7 * MIB)
    assert [peak["phase"] for peak in training["peak"]] == ["train-step"]
    assert (inference["batch"], inference["kept"]) == (1, None)
    assert inference["peak"] == [
        {
            "phase": "forward",
            "batch": 1,
            "dtype": "fp32",
            "device": "cpu",
            "predicted": 5,
            "measured": 6,
            "reserved": None,
            "built": 3,
            "gauge": "resident",
            "error": None,
        }
    ]
    assert records([WEIGHED])[0]["peak"] == []
