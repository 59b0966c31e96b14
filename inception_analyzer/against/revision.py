"""One side of a comparison: the files of a revision, the models that it names, and the program that it is looked at with."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import inception_analyzer
from inception_analyzer.against.git import submodules
from inception_analyzer.errors import UNDECIDED, AnalyzerError
from inception_analyzer.gates import config
from inception_analyzer.gates.config import Settings
from inception_analyzer.own import is_own

PROGRAM = "inception_analyzer"
INSTALLED = Path(inception_analyzer.__file__).parent.parent

# Threads that wait for work by spinning would take the processor from the other side, whose turn it is.
PATIENT = {"OMP_WAIT_POLICY": "PASSIVE", "KMP_BLOCKTIME": "0"}


@dataclass(frozen=True, slots=True)
class Revision:
    """Models by name, their files relative to `root`, where the configuration lies."""

    name: str
    tree: Path
    root: Path
    models: Mapping[str, str] = field(default_factory=dict)

    def command(self, module: str) -> list[str]:
        """Runs a module's `main` by the program that the revision holds, or else by the one that is installed."""
        home = own_program(self.tree)
        path = f"sys.path.insert(0, {str(home)!r})" if home else f"sys.path.append({str(INSTALLED)!r})"
        # -B and -P: nothing is written into a checkout, and nothing of it is imported by chance.
        return [sys.executable, "-B", "-P", "-c", f"import sys; {path}; from {module} import main; main()"]

    def environment(self) -> dict[str, str]:
        return {**os.environ, **PATIENT}


def own_program(tree: Path) -> Path | None:
    """Where a revision holds this very program, as in its own repository."""
    return next((home for home in (tree, tree / "src") if (home / PROGRAM / "__init__.py").is_file()), None)


def asked(names: Sequence[str], settings: Settings, here: Path) -> dict[str, str]:
    """The models to compare, their files relative to the configuration, as they lie in every revision."""
    chosen = {name: settings.models.get(name, name) for name in names} or dict(settings.models)
    return {name: _relative(expression, settings.root, here) for name, expression in chosen.items()}


def of_revision(name: str, tree: Path, top: Path, settings: Settings, file: Path | None) -> tuple[Path, dict[str, str]]:
    """Where its configuration would lie, and the models that it names there: none where it has none yet."""
    root = tree / _below(settings.root, top)
    if file is None or not file.resolve().is_relative_to(top):
        return root, {}
    its_own = tree / file.resolve().relative_to(top)
    try:
        found = config.read(its_own, root) if its_own.is_file() else Settings(root)
    except AnalyzerError as error:
        raise _elsewhere(error, name, tree) from None
    return root, dict(found.models)


def in_submodule(tree: Path, root: Path, expression: str) -> str:
    """The submodule that a model's file lies in, if it lies in one."""
    name = expression.partition("@")[0]
    if not is_own(name):
        return ""
    place = Path(os.path.relpath(root / name, tree)).as_posix()
    return next((one for one in submodules(tree) if place.startswith(f"{one}/")), "")


def _relative(expression: str, root: Path, here: Path) -> str:
    """A file that lies where the command is run, as seen from the configuration."""
    name, at, passes = expression.partition("@")
    return f"{os.path.relpath(here / name, root)}{at}{passes}" if is_own(name) and (here / name).is_file() else expression


def _below(root: Path, top: Path) -> Path:
    if not root.resolve().is_relative_to(top):
        raise AnalyzerError(f"{root} is no part of the repository {top}", ("instead", "--config with a file of it"))
    return root.resolve().relative_to(top)


def _elsewhere(error: AnalyzerError, name: str, tree: Path) -> AnalyzerError:
    """A complaint about a file that nobody can look at any more, with the revision in place of its folder."""
    told = error.what.replace(f"{tree}{os.sep}", f"{name}:")
    return AnalyzerError(told, ("instead", "another revision, or the models by name and --config"), word=name, code=UNDECIDED)
