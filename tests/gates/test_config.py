"""The configuration: read strictly, with the nearest key that exists and the file that is meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inception_analyzer.errors import WRONG_USE, AnalyzerError
from inception_analyzer.gates import config
from inception_analyzer.gates.rules import Rule, Tolerance, Waiver

HEAD = "[tool.inception-analyze.check]\n"
MODELS = 'models = ["v1", "v3"]\n'


def read(text: str, folder: Path) -> config.Settings:
    file = folder / "pyproject.toml"
    file.write_text(text, encoding="utf-8")
    return config.read(file, folder)


def refused(text: str, folder: Path) -> AnalyzerError:
    with pytest.raises(AnalyzerError) as caught:
        read(text, folder)
    assert caught.value.code == WRONG_USE
    assert caught.value.what.startswith(str(folder / "pyproject.toml"))
    assert caught.value.facts
    return caught.value


WHOLE = """
[tool.inception-analyze.check]
models = {ours = "nets/ours.words", v3 = "v3@width=2"}
baseline = "costs/now.json"
ratchet = true
budgets = ["macs<=6G", "params <= 25M"]
measured = ["latency.forward"]

[tool.inception-analyze.check.tolerance]
macs = 0
"latency.forward" = "3%"

[[tool.inception-analyze.check.rules]]
metric = "params*"
model = "ours"
tolerance = "1%"
level = "warn"

[[tool.inception-analyze.check.rules]]
budget = 50000000

[[tool.inception-analyze.check.waivers]]
metric = "macs"
model = "v3"
reason = '''wider stem
until the new data set is there'''
until = 2026-12-31
"""


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    found = read(WHOLE, tmp_path)
    assert found.root == tmp_path
    assert found.models == {"ours": "nets/ours.words", "v3": "v3@width=2"}
    assert (found.baseline, found.measured, found.rules.ratchet) == ("costs/now.json", ("latency.forward",), True)
    assert found.rules.rules == (
        Rule("macs", tolerance=Tolerance(amount=0)),
        Rule("latency.forward", tolerance=Tolerance(share=0.03)),
        Rule("macs", budget=6e9),
        Rule("params", budget=25e6),
        Rule("params*", "ours", Tolerance(share=0.01), level="warn"),
        Rule("*", budget=5e7),
    )
    reason = "wider stem until the new data set is there"
    assert found.rules.waivers == (Waiver("macs", "v3", reason, date(2026, 12, 31)),)


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'\n", "[tool.ruff]\nline-length = 100\n", HEAD])
def test_a_project_that_asks_nothing(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == config.Settings(tmp_path)


def test_without_a_file_the_command_line_is_left(tmp_path: Path) -> None:
    assert config.read(None, tmp_path) == config.Settings(tmp_path)


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert config.nearest(inner) == tmp_path / "pyproject.toml"
    (tmp_path / "a" / "pyproject.toml").touch()
    assert config.nearest(inner) == tmp_path / "a" / "pyproject.toml"


def test_a_day_may_be_a_text(tmp_path: Path) -> None:
    text = f'{HEAD}{MODELS}[[{config.TABLE}.waivers]]\nmetric = "macs"\nreason = "x"\nuntil = "2026-12-31"\n'
    assert read(text, tmp_path).rules.waivers == (Waiver("macs", "*", "x", date(2026, 12, 31)),)


RULE, WAIVER = f"{HEAD}{MODELS}[[{config.TABLE}.rules]]\n", f"{HEAD}{MODELS}[[{config.TABLE}.waivers]]\n"

UNKNOWN = {
    **{f"check: {key}": (f"{HEAD}{key} = 1\n", key, near) for key, near in (
        ("model", "models"), ("base-line", "baseline"), ("ratched", "ratchet"), ("tolerances", "tolerance"),
        ("budget", "budgets"), ("rule", "rules"), ("waiver", "waivers"), ("measure", "measured"), ("zzz", ""),
    )},
    **{f"rules: {key}": (f'{RULE}{key} = "x"\n', key, near) for key, near in (
        ("metrics", "metric"), ("modell", "model"), ("tolerence", "tolerance"), ("limit", ""), ("levels", "level"),
    )},
    **{f"waivers: {key}": (f'{WAIVER}{key} = "x"\n', key, near) for key, near in (
        ("reasons", "reason"), ("untill", "until"), ("expires", ""),
    )},
    "tool": ("[tool.inception-analyze.chek]\n", "chek", "check"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNKNOWN)
def test_unknown_keys_are_refused_with_the_nearest(case: str, tmp_path: Path) -> None:
    text, key, near = UNKNOWN[case]
    error = refused(text, tmp_path)
    assert f"has no key {key!r}" in error.what
    assert dict(error.facts).get("did you mean", "") == near
    assert dict(error.facts)["keys"]


WRONG = {
    "ours is a number": ("[tool]\ninception-analyze = 3\n", "[tool.inception-analyze] is no table"),
    "check is a list": ("[tool.inception-analyze]\ncheck = []\n", f"[{config.TABLE}] is no table"),
    "models": (f"{HEAD}models = 3\n", "models is neither a list nor a table"),
    "models of numbers": (f"{HEAD}models = [1]\n", "models is 1, and no text"),
    "model without expression": (f'{HEAD}models = {{v1 = ""}}\n', "models.v1 is '', and no text"),
    "model with a line end": (f'{HEAD}models = ["v1\\n"]\n', "and no text"),
    "baseline": (f"{HEAD}baseline = 3\n", "baseline is 3, and no text"),
    "ratchet": (f'{HEAD}ratchet = "yes"\n', "ratchet is 'yes'"),
    "tolerance": (f'{HEAD}tolerance = "1%"\n', "tolerance is '1%'"),
    "tolerance is a float": (f"{HEAD}tolerance = {{macs = 0.01}}\n", "0.01 is no amount"),
    "tolerance is true": (f"{HEAD}tolerance = {{macs = true}}\n", "True is no amount"),
    "budgets": (f'{HEAD}budgets = "macs<=6G"\n', "budgets is 'macs<=6G'"),
    "budgets of numbers": (f"{HEAD}budgets = [6]\n", "budgets is 6, and no text"),
    "measured": (f'{HEAD}measured = ["macs"]\n', "'macs' is no measured quantity"),
    "rules": (f"{HEAD}rules = 3\n", "rules is 3"),
    "rules of texts": (f'{HEAD}rules = ["macs"]\n', "a rule is no table"),
    "a rule that asks nothing": (f'{RULE}metric = "macs"\n', "a rule for macs asks nothing"),
    "level": (f'{RULE}level = "fatal"\n', "'fatal' is no level"),
    "level is a number": (f"{RULE}level = 1\n", "1 is no level"),
    "rule of no model": (f'{RULE}model = "v33"\nlevel = "warn"\n', "'v33' in a rule or a waiver is none of the models"),
    "waiver of everything": (f'{WAIVER}reason = "x"\nuntil = 2026-12-31\n', "names neither a metric nor a model"),
    "waivers of texts": (f'{HEAD}waivers = ["macs"]\n', "a waiver is no table"),
    "no reason": (f"{WAIVER}until = 2026-12-31\n", "a waiver gives no reason"),
    "blank reason": (f'{WAIVER}reason = " "\nuntil = 2026-12-31\n', "a waiver gives no reason"),
    "escape in a reason": (f'{WAIVER}reason = "\\u001b[31m"\nuntil = 2026-12-31\n', "a waiver gives no reason"),
    "no day": (f'{WAIVER}reason = "x"\n', "a waiver ends on None, which is no day"),
    "a moment": (f'{WAIVER}reason = "x"\nuntil = 2026-12-31T12:00:00\n', "which is no day"),
    "a day that is not": (f'{WAIVER}reason = "x"\nuntil = "soon"\n', "a waiver ends on 'soon', which is no day"),
    "waiver of no model": (f'{WAIVER}model = "bn"\nreason = "x"\nuntil = 2026-12-31\n', "'bn' in a rule or a waiver"),
    "no TOML": ("[tool\n", "is no TOML"),
    "a key twice": (f"{HEAD}ratchet = true\nratchet = true\n", "is no TOML"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_kinds_are_refused(case: str, tmp_path: Path) -> None:
    text, told = WRONG[case]
    assert told in refused(text, tmp_path).what


def test_what_is_no_table_of_tools_is_none_of_ours(tmp_path: Path) -> None:
    assert read("tool = 3\n", tmp_path).models == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f'{RULE}metric = "flops"\nlevel = "off"\n', "no metric is called 'flops'"),
        (f'{WAIVER}metric = "flops"\nreason = "x"\nuntil = 2026-12-31\n', "no metric is called 'flops'"),
        (f"{HEAD}tolerance = {{flops = 0}}\n", "no metric is called 'flops'"),
        (f'{HEAD}tolerance = {{macs = "much"}}\n', "'much' is no amount for macs"),
        (f'{HEAD}tolerance = {{macs = "{"9" * 400}%"}}\n', "a number of 401 characters is no limit"),
        (f'{HEAD}budgets = ["macs<={"9" * 400}"]\n', "a number of 400 characters is no limit"),
        (f'{HEAD}budgets = ["macs<6G"]\n', "'macs<6G' is no budget"),
        (f'{RULE}budget = "6 apples"\n', "'6 apples' is no amount for *"),
    ],
)
def test_what_rules_cannot_mean_is_refused(text: str, told: str, tmp_path: Path) -> None:
    assert refused(text, tmp_path).what == f"{tmp_path / 'pyproject.toml'}: {told}"


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    with pytest.raises(AnalyzerError, match="cannot read"):
        config.read(file, tmp_path)
    file.write_bytes(b"\xff")
    with pytest.raises(AnalyzerError, match="is no TOML"):
        config.read(file, tmp_path)
