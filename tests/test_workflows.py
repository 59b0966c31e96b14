"""What continuous integration runs: the action, the examples and the hook, each executed in the environment they meet."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from gated import BASELINE, NETWORK, Repository, environment, repository

from inception_analyzer.report.gated.comment import MARKER

__all__ = ("repository",)

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITHUB = yaml.safe_load((ROOT / "examples" / "github-workflow.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "examples" / "gitlab-ci.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}

PROGRAM = f'#!/bin/sh\nexec "{sys.executable}" -m inception_analyzer "$@"\n'
# Tools of the runner that write down how they were called; `gh` knows the comments of a pull request.
NOTING = '#!/bin/sh\nprintf "%s\\n" "$(basename "$0") $*" >> "$NOTES"\n'
GH = f"""{NOTING}case "$*" in
  *--paginate*) [ -z "$COMMENTS" ] || echo "$COMMENTS" ;;
  *) exit "${{REFUSES:-0}}" ;;
esac
"""
PYTHON = f"""{NOTING}mkdir -p "$3/bin"
cp "$(dirname "$0")/pip" "$3/bin/pip"
"""


@dataclass(frozen=True, slots=True)
class Runner:
    """A runner as GitHub documents it: its files, its variables, and the steps of the action in order."""

    repository: Repository
    folder: Path
    given: Mapping[str, Any]
    event: str = "pull_request"

    def context(self, name: str) -> str:
        """The value of `inputs.x`, `github.x` or `steps.check.outputs.x`."""
        kind, _, rest = name.partition(".")
        github = {
            "action_path": str(ROOT),
            "repository": "owner/networks",
            "event_name": self.event,
            "event.pull_request.number": "7",
            "token": "none",
        }
        match kind:
            case "inputs":
                text = self.given.get(rest, ACTION["inputs"][rest]["default"])
                return self.filled(str(text).lower() if isinstance(text, bool) else str(text))
            case "github":
                return github[rest]
            case "steps":
                return self.outputs().get(rest.rpartition(".")[2], "")
        raise KeyError(name)

    def filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: self.context(found[1]), text)

    def wanted(self, step: Mapping[str, Any], *, failed: bool) -> bool:
        """Whether a step's condition holds: comparisons joined by `&&`, after a failure with `always()` only."""
        parts = str(step.get("if", "")).split(" && ")
        comparisons = [re.fullmatch(r"([\w.-]+) (==|!=) '(\w*)'", part) for part in parts if part not in ("", "always()")]
        assert all(comparisons)
        hold = all((self.context(one[1]) == one[3]) == (one[2] == "==") for one in comparisons if one)
        return hold and (not failed or "always()" in parts)

    def run(self, **more: str) -> int:
        """The exit code of the action: that of the first step that fails."""
        code = 0
        for step in STEPS.values():
            if self.wanted(step, failed=bool(code)):
                ended = self.step(step, **more)
                code = code or ended
        return code

    def step(self, step: Mapping[str, Any], **more: str) -> int:
        script = self.folder / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        added = (self.folder / "path").read_text() if (self.folder / "path").exists() else ""
        path = os.pathsep.join([str(self.folder / "tools"), *added.split(), os.environ["PATH"]])
        runner = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_OUTPUT": str(self.folder / "outputs"),
            "GITHUB_PATH": str(self.folder / "path"),
            "GITHUB_WORKSPACE": str(self.repository.path),
            "RUNNER_TEMP": str(self.folder / "temp"),
            "NOTES": str(self.folder / "notes"),
            "PATH": path,
        }
        given = {name: self.filled(str(text)) for name, text in step.get("env", {}).items()}
        place = self.repository.path / self.filled(step.get("working-directory", "."))
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            environ = environment(**runner, **given, **more)
            return subprocess.run(command, cwd=place, env=environ, stdout=log, stderr=log, check=False).returncode

    def outputs(self) -> dict[str, str]:
        file = self.folder / "outputs"
        return dict(line.split("=", 1) for line in file.read_text().splitlines()) if file.exists() else {}

    def read(self, name: str) -> str:
        file = self.folder / name
        return file.read_text(encoding="utf-8") if file.exists() else ""


def runner(repository: Repository, event: str = "pull_request", **given: object) -> Runner:
    folder = repository.path / ".runner"
    (folder / "tools").mkdir(parents=True)
    (folder / "temp").mkdir()
    for name, text in {"inception-analyze": PROGRAM, "gh": GH, "python3": PYTHON, "pip": NOTING}.items():
        (folder / "tools" / name).write_text(text)
        (folder / "tools" / name).chmod(0o755)
    return Runner(repository, folder, {"install": "none", **given}, event)


def test_the_action_passes_where_nothing_changed(repository: Repository) -> None:
    found = runner(repository)
    assert found.run() == 0
    assert found.outputs()["status"] == "pass"
    assert found.read("summary.md").startswith("### Cost check passed: nothing changed\n")
    assert "check passed: nothing changed" in found.read("log")


def test_the_action_fails_and_shows_why_everywhere(repository: Repository) -> None:
    repository.network(kernel="7")
    found = runner(repository)
    assert found.run() == 1
    assert found.read("summary.md").startswith("### Cost check failed: small multiply-adds +53.9\u00a0%")
    assert f"::error file={BASELINE},line=6,title=inception-analyze check::small multiply-adds" in found.read("log")
    outputs = found.outputs()
    assert (outputs["status"], outputs["exit-code"]) == ("fail", "1")
    assert ElementTree.parse(outputs["junit-file"]).getroot().attrib["failures"] == "3"
    assert Path(outputs["comment-file"]).read_text(encoding="utf-8").startswith(MARKER)
    (repository.path / BASELINE).write_text(Path(outputs["new-baseline"]).read_text(encoding="utf-8"), encoding="utf-8")
    assert repository.check()[0] == 0


def test_the_action_is_undecided_without_a_baseline_and_offers_one(repository: Repository) -> None:
    old = repository.read()
    (repository.path / BASELINE).unlink()
    found = runner(repository)
    assert found.run() == 3
    assert found.outputs()["status"] == "undecided"
    assert "there is no baseline" in found.read("summary.md")
    assert Path(found.outputs()["new-baseline"]).read_text(encoding="utf-8") == old


def test_every_input_of_the_action_reaches_the_check(repository: Repository) -> None:
    (repository.path / BASELINE).rename(repository.path / "other.json")
    (repository.path / "pyproject.toml").rename(repository.path / "other.toml")
    repository.network(kernel="7")
    given = {"baseline": "other.json", "config": "other.toml", "models": "small v1"}
    assert runner(repository, **given, arguments="--tolerance *=60% --all").run() == 0


def test_inputs_are_words_and_never_run(repository: Repository) -> None:
    found = runner(repository, models="$(touch owned) `touch owned` ; touch owned")
    assert found.run() == 2
    assert found.outputs()["status"] == "error"
    assert not list(repository.path.rglob("owned"))
    assert all("${{" not in step["run"] for step in STEPS.values())


def test_the_action_works_in_a_folder(repository: Repository) -> None:
    (repository.path / "inner").mkdir()
    for name in (BASELINE, "pyproject.toml", "nets"):
        (repository.path / name).rename(repository.path / "inner" / name)
    (repository.path / "inner" / NETWORK).write_text((repository.path / "inner" / NETWORK).read_text().replace("(1, 7)", "7"))
    found = runner(repository, **{"working-directory": "inner"})
    assert found.run() == 1
    assert f"::error file=inner/{BASELINE},line=6" in found.read("log")


@pytest.mark.parametrize(("kind", "light"), [("light", True), ("full", False)])
def test_the_action_installs_by_itself(kind: str, light: bool, repository: Repository) -> None:
    found = runner(repository, install=kind)
    assert found.run() == 0
    notes = found.read("notes")
    assert "-m venv" in notes
    assert ("--no-deps" in notes) == light
    assert f"{ROOT}/constraints.txt" in notes
    assert found.read("path").strip() == str(found.folder / "temp" / "inception-analyze" / "bin")


def test_no_comment_is_written_unless_it_is_asked_for(repository: Repository) -> None:
    repository.network(kernel="7")
    assert runner(repository).run() == 1
    assert not runner_notes(repository)


def runner_notes(repository: Repository) -> str:
    file = repository.path / ".runner" / "notes"
    return file.read_text() if file.exists() else ""


def test_the_first_comment_is_new_and_the_next_one_updates_it(repository: Repository) -> None:
    repository.network(kernel="7")
    found = runner(repository, comment=True)
    assert found.run() == 1
    body = found.outputs()["comment-file"]
    post = f"gh api --silent --method POST repos/owner/networks/issues/7/comments --field body=@{body}"
    assert found.read("notes").splitlines()[-1] == post
    assert found.run(COMMENTS="12\n34") == 1
    patch = f"gh api --silent --method PATCH repos/owner/networks/issues/comments/12 --field body=@{body}"
    assert found.read("notes").splitlines()[-1] == patch
    assert json.dumps(MARKER) in found.read("notes")


def test_a_pull_request_that_changes_nothing_gets_no_comment_but_an_old_one_is_updated(repository: Repository) -> None:
    found = runner(repository, comment=True)
    assert found.run() == 0
    assert "--method" not in found.read("notes")
    assert found.run(COMMENTS="12") == 0
    assert "--method PATCH" in found.read("notes")


def test_a_comment_that_is_refused_changes_no_verdict(repository: Repository) -> None:
    repository.network(kernel="(1, 9)")
    found = runner(repository, comment=True, arguments="--tolerance *=90%")
    assert found.run(REFUSES="1") == 0
    assert "::notice::the comment could not be written" in found.read("log")


def test_a_push_gets_no_comment(repository: Repository) -> None:
    found = runner(repository, event="push", comment=True)
    assert found.run() == 0
    assert found.read("notes") == ""


def test_the_action_declares_what_it_uses() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    assert all(declared["description"] for declared in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))
    assert all(step["shell"] == "bash" for step in STEPS.values())
    assert set(re.findall(r'echo "([\w-]+)=', STEPS["Check"]["run"])) == set(ACTION["outputs"])


def test_the_example_for_github_uses_the_action_as_it_is() -> None:
    (step,) = [step for step in GITHUB["jobs"]["costs"]["steps"] if "inception-analyzer" in step["uses"]]
    assert step["with"].keys() <= ACTION["inputs"].keys()
    assert GITHUB["permissions"]["pull-requests"] == "write"
    used = re.findall(r"steps\.costs\.outputs\.([\w-]+)", (ROOT / "examples" / "github-workflow.yml").read_text())
    assert set(used) <= ACTION["outputs"].keys()


def test_the_example_for_gitlab_runs(repository: Repository) -> None:
    repository.network(kernel="7")
    found = runner(repository)
    script = "\n".join(GITLAB["costs"]["script"])
    tools = f"{found.folder / 'tools'}{os.pathsep}{os.environ['PATH']}"
    environ = environment(CI="true", GITLAB_CI="true", PATH=tools, NOTES=str(found.folder / "notes"))
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=repository.path, env=environ, check=False)
    assert done.returncode == 1
    reports = GITLAB["costs"]["artifacts"]["reports"]
    assert ElementTree.fromstring(repository.read(reports["junit"])).attrib["failures"] == "3"
    assert repository.read(reports["metrics"]).endswith("# EOF\n")
    assert [(repository.path / name).is_file() for name in GITLAB["costs"]["artifacts"]["paths"]] == [True]
    assert GITLAB["costs"]["artifacts"]["when"] == "always"


def test_the_hook_runs(repository: Repository) -> None:
    found = runner(repository)
    tools = f"{found.folder / 'tools'}{os.pathsep}{os.environ['PATH']}"
    for kernel, code in (("(1, 7)", 0), ("7", 1)):
        repository.network(kernel=kernel)
        words = HOOK["entry"].split()
        done = subprocess.run(words, cwd=repository.path, env=environment(PATH=tools), capture_output=True, check=False)
        assert done.returncode == code
    assert not HOOK["pass_filenames"]
    for name in (NETWORK, "model.py", "pyproject.toml", BASELINE):
        assert re.search(HOOK["files"], name)
    assert not re.search(HOOK["files"], "README.md")
