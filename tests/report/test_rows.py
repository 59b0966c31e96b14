"""CSV and frames hold what the tables show, row by row, with raw numbers and units."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from inception_analyzer import cost_of, load, results
from inception_analyzer.report import measurements, roofs, weighed
from inception_analyzer.report.data import to_csv
from inception_analyzer.report.document import Cell, Flat, Table, with_units
from inception_analyzer.results import Result


def tables_of(result: Result) -> list[Table]:
    return [section for section in result.document.sections if isinstance(section, Table)]


def first_cells(table: Table) -> list[str]:
    return [cells[0].text for cells in table.rows if cells and isinstance(cells[0], Cell)]


@pytest.mark.parametrize(
    "pair", [("v3", "v3@unfactorized"), ("v1", "v1@naive"), ("v2", "v3"), ("v1", "v3"), ("ir2", "ir2@factorized")]
)
def test_a_comparison_has_the_parts_that_its_table_shows(pair: tuple[str, str]) -> None:
    result = results.compare(*pair)
    frame = result.to_frame()
    parts = frame[frame["row"].isin(["block", "stage"])]
    shown = next(table for table in tables_of(result) if table.columns[0].head in ("block", "share of MACs"))
    assert list(dict.fromkeys(parts["part"])) == [name for name in first_cells(shown) if name != "total"]
    rules = frame[frame["row"] == "rule"]
    letters = [table for table in tables_of(result) if table.columns[1].head == "rules, in this order"]
    assert list(rules["rule"]) == [letter for table in letters for letter in first_cells(table)]
    if len(rules):
        assert sum(rules["macs_added"]) == cost_of(load(pair[1])).macs - cost_of(load(pair[0])).macs


@pytest.mark.parametrize("names", [("v1", "v3"), ("v3", "v3@unfactorized"), ("v1", "v3", "v4")])
def test_the_parts_of_a_comparison_make_up_its_networks(names: tuple[str, ...]) -> None:
    frame = results.compare(*names).to_frame()
    for name in names:
        of_it = frame[frame["expression"] == name]
        network, parts = of_it[of_it["row"] == "network"], of_it[of_it["row"] != "network"]
        assert len(network) == 1
        assert parts["macs"].sum() == network["macs"].item() == cost_of(load(name)).macs
        assert parts["params"].sum() == network["params"].item()
        assert parts["macs_share"].sum() == pytest.approx(1)


def test_a_comparison_tells_the_work_over_equal_images() -> None:
    first, second = results.compare("v1", "v3").document.flat().rows[:2]
    assert second["equal_input"] == first["input"] == [3, 224, 224]
    assert second["macs_at_equal_input"] == cost_of(load("v3@input=224")).macs
    assert second["macs_at_equal_input_ratio"] == second["macs_at_equal_input"] / first["macs"]
    assert second["kept_ratio"] == second["kept"] / first["kept"]


def test_integers_of_a_frame_stay_integers() -> None:
    frame = results.compare("v3", "v3@unfactorized").to_frame()
    assert all(pd.api.types.is_integer_dtype(frame[name]) for name in ("macs", "params", "depth", "macs_added"))


def test_layers_say_their_stage_their_block_and_their_share() -> None:
    result = results.show("v3")
    frame = result.to_frame()
    work = frame[~frame["aux"]].groupby("stage", sort=False)["macs"].sum()
    (table,) = tables_of(result)
    stages = [cells[0].text for cells in table.rows if isinstance(cells[0], Cell) and cells[0].style == "bold"]
    assert list(work.index) == stages
    assert frame["macs_share"].sum() == pytest.approx(1)
    assert {"6e", "7a"} <= set(frame["block"])


def test_a_derivation_adds_up_by_rule() -> None:
    result = results.rewrite("v3@unfactorized")
    frame = result.to_frame()
    rules = next(table for table in tables_of(result) if table.columns[1].head == "rules, in this order")
    assert list(dict.fromkeys(frame["rule"])) == first_cells(rules)
    assert frame["macs_added"].sum() == cost_of(load("v3@unfactorized")).macs - cost_of(load("v3")).macs
    assert frame["macs_added_share"].sum() == pytest.approx(1)


def test_two_kernels_say_between_which_widths_it_saves() -> None:
    rows = {row["quantity"]: row for row in results.kernel("5x5", "3x3,3x3").document.flat().rows}
    assert rows["saves_if_middle_is_input"]["saves_above"] == 0.5625
    assert rows["saves_if_middle_is_output"]["saves_below"] == pytest.approx(16 / 9)
    assert (rows["widths"]["other"], rows["field"]["reference"]) == ([64, 64, 64], [5, 5])


def test_counts_are_there_under_every_convention() -> None:
    (row,) = results.count("v3").document.flat().rows
    assert row["macs_paper_mac"] == row["macs"] > row["macs_inside_map"]
    assert row["macs_weight_gradient"] + row["macs_input_gradient"] == row["macs_backward"]


def test_columns_without_a_unit_have_a_twin_that_says_it() -> None:
    flat = with_units(Flat(("median", "n"), ({"median": 0.5, "n": 3},)), measurements.UNITS)
    assert flat.columns == ("median", "n", "median_seconds")
    assert flat.rows[0]["median_seconds"] == 0.5
    assert set(measurements.UNITS) <= set(measurements.COLUMNS)
    assert set(roofs.UNITS) <= set(roofs.COLUMNS)
    assert {name for _, name in weighed.KINDS} <= set(weighed.COLUMNS)


def test_every_csv_has_its_columns_once() -> None:
    for result in (results.compare("v1", "v3"), results.count("v1"), results.show("v1"), results.rewrite("v1@naive")):
        header, *rows = csv.reader(io.StringIO(to_csv(result.document)))
        assert len(header) == len(set(header))
        assert {len(row) for row in rows} == {len(header)}
