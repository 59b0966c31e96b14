"""The command line from outside: exit codes, streams, formats, files, pipes, and what it never imports."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from inception_analyzer import Shape, cost_of, load, network_names
from inception_analyzer.__main__ import run
from inception_analyzer.cli import COMMANDS, counting
from inception_analyzer.lab.build import build

HEAVY = {"torch", "pandas", "matplotlib", "fvcore", "numpy"}
LIGHT_COMMANDS = (
    ["--help"],
    ["--version"],
    ["list"],
    ["show", "v3"],
    ["count", "--all"],
    ["count", "v3", "--format", "json"],
    ["compare", "v1", "v3", "--no-measure"],
    ["draw", "v3"],
    ["draw", "v4", "--format", "svg"],
    ["draw", "v3", "v3@unfactorized", "6c", "--format", "mermaid"],
)


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "inception_analyzer", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert run([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("arguments", LIGHT_COMMANDS, ids=" ".join)
def test_answers_without_heavy_imports(arguments: list[str]) -> None:
    script = (
        "import sys; from inception_analyzer.__main__ import run; code = run(sys.argv[1:]); "
        "print(code, *sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, encoding="utf-8", check=True)
    code, *modules = done.stderr.split()
    assert code == "0"
    assert not HEAVY & set(modules)


def test_version_and_help_name_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("inception-analyze ")
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    for command in ("list", "show", "count", "compare", "env"):
        assert f"  {command} " in out


def test_count_json_keeps_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(capsys, "count", "v1", "v3")
    assert document["schema"] == 1
    assert document["command"] == "count"
    assert document["tool"]["name"] == "inception-analyzer"
    assert document["convention"] == "paper-mac"
    first, second = document["models"]
    keys = {"name", "expression", "title", "input", "params", "params_aux", "macs", "macs_aux", "macs_backward"}
    assert keys | {"activations", "depth", "layers"} <= first.keys()
    assert (first["name"], first["expression"], first["input"]) == ("googlenet", "v1", [3, 224, 224])
    assert (second["params"], second["params_aux"], second["macs"]) == (23_834_568, 3_326_696, 5_713_216_096)
    layers = {"path", "op", "kernel", "stride", "groups", "reads", "writes", "params", "macs", "aux"}
    for model in (first, second):
        main = [layer for layer in model["layers"] if not layer["aux"]]
        assert all(layers <= layer.keys() for layer in main)
        assert sum(layer["macs"] for layer in main) == model["macs"]
        assert sum(layer["params"] for layer in main) == model["params"]


@pytest.mark.parametrize("name", ["v1", "v3", "ir2", "alexnet", "resnet50"])
def test_every_layer_path_is_a_submodule(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = build(load(name), aux=True, device="meta")
    for layer in answer(capsys, "count", name)["models"][0]["layers"]:
        part = module.get_submodule(layer["path"])
        if layer["op"] in ("conv", "linear"):
            assert sum(param.numel() for param in part.parameters()) == layer["params"]


def test_compare_json_has_ratios_to_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(capsys, "compare", "v1", "v3", "--no-measure")
    same, ratios = document["ratios"]
    assert same == {"expression": "v1", "params": 1, "macs": 1, "macs_backward": 1, "activations": 1}
    assert ratios["macs"] == cost_of(load("v3")).macs / cost_of(load("v1")).macs
    assert document["measurements"] == []


def test_csv_has_one_header_and_raw_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["count", "--all", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["name"] for row in rows] == list(network_names())
    assert [int(row["macs"]) for row in rows] == [cost_of(load(row["name"])).macs for row in rows]


def test_formats_tell_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["count", "--all", "--exact"]) == 0
    table = capsys.readouterr().out
    assert run(["count", "--all", "--exact", "--format", "markdown"]) == 0
    markdown = capsys.readouterr().out
    for name in network_names():
        macs = f"{cost_of(load(name)).macs:,}"
        assert macs in table
        assert macs in markdown


def test_batch_scales_work_and_not_weights(capsys: pytest.CaptureFixture[str]) -> None:
    model = answer(capsys, "count", "v3", "--batch", "32")["models"][0]
    cost, totals = cost_of(load("v3")), model["batch_totals"]
    assert model["macs"] == cost.macs
    assert totals["macs"] == 32 * cost.macs
    assert totals["activations"] == 32 * cost.activations
    assert totals["bytes_read"] < 32 * model["bytes_read"]
    assert totals["bytes_written"] == 32 * model["bytes_written"]


@pytest.mark.parametrize("size", ["299", "3x299x299", "299x299", "3×299×299"])
def test_every_spelling_of_a_size(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "count", "v3", "--input", size)["models"][0]["macs"] == 5_713_216_096


def test_an_oblong_input(capsys: pytest.CaptureFixture[str]) -> None:
    model = answer(capsys, "count", "v3", "--input", "299x427")["models"][0]
    assert model["input"] == [3, 299, 427]
    assert model["macs"] > 5_713_216_096


@pytest.mark.parametrize("size", ["-1", "0", "65537", "9" * 30, "224x", "x", "1x2x3x4", "2.5", "٣"])
def test_impossible_sizes_are_refused(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["count", "v1", f"--input={size}"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: the input {size!r} ")


def test_the_size_that_an_error_offers_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["count", "v4", "--input", "10"]) == 2
    offered = capsys.readouterr().err.split()[-1]
    assert run(["count", "v4", "--input", offered]) == 0
    smaller = int(offered.partition("x")[0]) - 1
    assert run(["count", "v4", "--input", str(smaller)]) == 2


def test_heads_that_do_not_fit_are_a_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    model = answer(capsys, "count", "v3", "--input", "224")["models"][0]
    assert model["params_aux"] is None
    assert any("aux.2" in doubt for doubt in model["doubts"])


def test_output_goes_to_a_file_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "counts.md"
    target.write_text("old")
    assert run(["count", "v1", "--format", "markdown", "--output", str(target)]) == 0
    assert capsys.readouterr().out == ""
    assert target.read_text(encoding="utf-8").startswith("### v1")
    assert list(tmp_path.iterdir()) == [target]


def test_a_directory_as_output_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["count", "v1", "--output", str(tmp_path)]) == 2
    assert "is a directory" in capsys.readouterr().err


def test_an_unwritable_output_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert run(["count", "v1", "--output", str(tmp_path / "x.md")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_disk_error_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "counts.md"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert run(["count", "v1", "--output", str(target)]) == 4
    assert "No space left on device" in capsys.readouterr().err
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_closed_pipe_is_quiet() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "inception_analyzer", "show", "vgg19"], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_interruption_has_its_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(counting, "count_of", interrupted)
    assert run(["count", "--all"]) == 130
    out, err = capsys.readouterr()
    assert (out, err) == ("", "interrupted\n")


def test_colour_only_where_it_is_wanted() -> None:
    assert "\x1b[" not in call("show", "v3").stdout
    assert "\x1b[" in call("show", "v3", FORCE_COLOR="1").stdout
    assert "\x1b[" not in call("show", "v3", FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b[" not in call("show", "v3", "--plain", FORCE_COLOR="1").stdout


def test_a_terminal_without_signs_gets_ascii() -> None:
    assert call("show", "v3", PYTHONIOENCODING="ascii").stdout.isascii()
    assert call("compare", "v3", "v5", PYTHONIOENCODING="latin-1").stderr.isascii()


@pytest.mark.parametrize("columns", ["30", "40", "60", "80", "120", "200"])
def test_no_line_is_wider_than_the_terminal(columns: str) -> None:
    for arguments in (["show", "v3"], ["compare", "v2", "v3", "--no-measure"], ["list"]):
        lines = call(*arguments, COLUMNS=columns).stdout.splitlines()
        # A table keeps its numbers whole: below 60 columns it may be as wide as they need.
        assert max(map(len, lines)) <= max(int(columns), 60)


def test_cross_check_agrees_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(capsys, "count", "v1", "resnet50", "--cross-check")
    for check in document["cross_checks"]:
        assert check["agree"]
        assert check["macs"]["hand"] == check["macs"]["torch"] == check["macs"]["fvcore"]
        assert "relu_" in check["uncounted"]["torch"]
        assert "aten::max_pool2d" in check["uncounted"]["fvcore"]
    assert "aux1" in document["cross_checks"][0]["uncalled"]["torch"]


def test_cross_check_names_the_first_difference(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from inception_analyzer.lab import crosscheck
    from inception_analyzer.lab.counters import Tally, fvcore_tally

    def wrong(*arguments: object) -> Tally:
        tally = fvcore_tally(*arguments)
        forward = {**tally.forward, "inception_4c.5x5.1": 1}
        return Tally(forward, tally.backward, tally.uncounted, tally.uncalled)

    monkeypatch.setattr(crosscheck, "fvcore_tally", wrong)
    assert run(["count", "v1", "--cross-check"]) == 1
    out = capsys.readouterr().out
    assert "First at inception_4c.5x5.1 of v1" in out
    assert "7,526,400 by hand, 1 by fvcore" in " ".join(out.split())


def test_env_prints_the_fingerprint(capsys: pytest.CaptureFixture[str]) -> None:
    machine = answer(capsys, "env")["machine"]
    assert machine["torch"]
    assert machine["devices"][0] == "cpu"
    assert machine["threads"] >= 1


def test_show_layers_of_one_block(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "v3", "6c", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert all(row["path"].startswith("mixed_6c.") for row in rows)
    assert sum(int(row["macs"]) for row in rows) == 487_702_528


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "inception_analyzer.lab.machine", None)
    monkeypatch.delitem(sys.modules, "inception_analyzer.lab.machine", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert run(["env"]) == 4
    assert "this needs torch, which is not installed" in capsys.readouterr().err


def test_a_fault_of_ours_is_one_clear_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def faulty(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(counting, "count_of", faulty)
    assert run(["count", "v1"]) == 4
    err = capsys.readouterr().err
    assert "a fault in inception-analyze itself" in err
    assert "Traceback" not in err
    monkeypatch.setenv("INCEPTION_ANALYZE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run(["count", "v1"])


def test_compare_json_carries_the_derivation(capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(capsys, "compare", "v3", "v3@unfactorized", "--no-measure")
    steps = document["derivation"]
    keys = {"pass", "path", "before", "after", "macs_before", "macs_after", "params_before", "params_after"}
    assert all(keys <= step.keys() and step["expression"] == "v3@unfactorized" for step in steps)
    before, after = document["models"]
    assert sum(step["macs_after"] - step["macs_before"] for step in steps) == after["macs"] - before["macs"] == 5_062_327_296
    assert "derivation" not in answer(capsys, "compare", "v1", "v3", "--no-measure")


def test_rewrite_json_keeps_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(capsys, "rewrite", "v3", "--passes", "asymmetric,expanded,stacked")
    assert document["command"] == "rewrite"
    before, after = document["models"]
    assert (before["expression"], after["expression"]) == ("v3", "v3@asymmetric,expanded,stacked")
    assert after["macs"] == 10_775_543_392
    assert len(document["derivation"]) == 22


def test_kernel_json_has_every_convention(capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(capsys, "kernel", "5x5", "3x3,3x3", "--channels", "64", "--grid", "35")
    counts = {line["quantity"]: line for line in document["counts"]}
    assert counts["macs"]["ratio"] == 0.72
    assert counts["macs"]["reference"] == 25 * 64 * 64 * 35 * 35
    assert {"macs_inside_map", "macs_valid", "params", "activations", "taps"} < counts.keys()
    assert {turn["middle"] for turn in document["turnings"]} == {"input", "output", "mean"}


def test_special_files_are_fed_and_links_followed(tmp_path: Path) -> None:
    assert run(["list", "--output", "/dev/null"]) == 0
    assert Path("/dev/null").is_char_device()
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    target.write_text("old")
    target.chmod(0o600)
    link.symlink_to(target)
    assert run(["list", "--output", str(link)]) == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("### 20 networks")
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["", "x" * 300])
def test_names_that_cannot_be_are_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "--output", str(tmp_path / name) if name else name]) == 2
    assert capsys.readouterr().err.startswith("error: the output")


def test_a_long_name_that_can_be_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 250)
    assert run(["list", "--output", str(target)]) == 0
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(("name", "begins"), [("a.json", "{"), ("a.csv", "name,"), ("a.md", "### "), ("a.txt", "v1")])
def test_a_files_name_says_its_form(name: str, begins: str, tmp_path: Path) -> None:
    assert run(["count", "v1", "--output", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_markdown_without_signs() -> None:
    done = call("compare", "v1", "v3", "--no-measure", "--format", "markdown", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()


@pytest.mark.parametrize("columns", ["0", "²", "wide", "", "-5"])
def test_a_strange_width_is_80(columns: str) -> None:
    assert call("show", "v3", COLUMNS=columns).stdout == call("show", "v3", COLUMNS="80").stdout


def test_help_tells_every_command_whole_and_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    listed = re.findall(r"^  ([a-z]+)  ", shown.partition("Commands:")[2], flags=re.MULTILINE)
    assert listed == list(COMMANDS)
    assert "..." not in shown.partition("Commands:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_file_that_is_loaded_for_it(name: str) -> None:
    """A process of its own: here all are loaded."""
    told = subprocess.run(
        [sys.executable, "-m", "inception_analyzer", name, "--help"], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith(f"Usage: inception-analyze {name} ")


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_its_door_it_still_says_so(missing: str) -> None:
    """What draws the message may be what is missing; a gate must not take that for a breach."""
    program = f"import sys; sys.modules['{missing}'] = None; from inception_analyzer.__main__ import main; main()"
    told = subprocess.run([sys.executable, "-c", program, "check"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (4, "")
    assert told.stderr.startswith(f"error: this needs {missing}, which is not installed")
    assert "Traceback" not in told.stderr


def test_nothing_asked_is_answered_with_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert capsys.readouterr().out.startswith("Usage: ")


def test_passes_can_be_given_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(capsys, "rewrite", "v3", "--passes", "asymmetric", "--passes", "stacked")
    assert document["models"][1]["expression"] == "v3@asymmetric,stacked"


@pytest.mark.parametrize("convention", ["paper-mac", "inside-map", "with-elementwise"])
def test_one_convention_throughout(convention: str, capsys: pytest.CaptureFixture[str]) -> None:
    model = answer(capsys, "count", "v3", "--convention", convention)["models"][0]
    main = [layer for layer in model["layers"] if not layer["aux"]]
    # Concatenations and sums are nobody's layer, but every convolution and linear layer is here.
    assert sum(layer["macs"] for layer in main) == model["macs"]
    assert model["macs_weight_gradient"] + model["macs_input_gradient"] == model["macs_backward"]
    assert run(["compare", "v3", "v3@unfactorized", "--no-measure", "--convention", convention]) == 0
    assert f"{model['macs'] / 1e6:,.0f}" in capsys.readouterr().out


def test_a_twin_over_another_image_has_its_own_derivation(capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(capsys, "compare", "v3", "v3@unfactorized", "--input", "224", "--no-measure")
    before, after = document["models"]
    steps = document["derivation"]
    assert sum(step["macs_after"] - step["macs_before"] for step in steps if not step["aux"]) == after["macs"] - before["macs"]


def test_groups_in_csv_are_the_groups_in_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "v3", "--by", "kernel", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows[0]["kernel"] == "3x3"
    assert sum(int(row["macs"]) for row in rows) == 5_713_216_096


def test_a_name_of_many_parts_asks_which(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "v3", "double7x7"]) == 2
    err = capsys.readouterr().err
    assert "has 4 parts called double7x7" in err
    assert "mixed_6b.double7x7" in err
    assert run(["show", "v3", "6C"]) == 0


@pytest.mark.parametrize("image", [224, (224, 224), [3, 224, 224], "224", "224x224"])
def test_images_in_every_spelling_for_programs(image: object) -> None:
    assert cost_of(load("v3"), input=image).macs == cost_of(load("v3@input=224")).macs


def test_names_and_aliases_are_the_same_network() -> None:
    assert load("v3") == load("inception-v3")
    assert repr(load("v3")) == "<Network v3: 22 blocks over 299x299x3>"


def test_a_fully_connected_layer_that_grew_is_a_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    from inception_analyzer.count import count

    assert "another network than at 224x224" in count(load("vgg16"), Shape(3, 448, 448)).doubts[0]
    assert not count(load("resnet50"), Shape(3, 448, 448)).doubts
    assert answer(capsys, "count", "vgg16")["models"][0]["doubts"] == []
    assert "another network" in answer(capsys, "count", "vgg16", "--input", "448")["models"][0]["doubts"][0]
