"""The house keeps its order: imports go down, heavy guests stay in their rooms, files and functions stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import inception_analyzer

ROOT = Path(inception_analyzer.__file__).parent
PACKAGE = "inception_analyzer"

# A file or a package directly in the house, and its floor.
FLOORS = {
    "errors": 0,
    "choices": 0,
    "spec": 0,
    "stats": 0,
    "version": 0,
    "files": 1,
    "words": 1,
    "tree": 1,
    "shorthand": 1,
    "place": 2,
    "source": 2,
    "fit": 3,
    "depth": 3,
    "kept": 3,
    "reach": 3,
    "cost": 4,
    "networks": 4,
    "passes": 5,
    "own": 5,
    "expressions": 6,
    "evidence": 7,
    "outline": 7,
    "count": 8,
    "align": 8,
    "kernel": 8,
    "timings": 7,
    "asked": 8,
    "inquiry": 8,
    "rules": 9,
    "lab": 10,
    "claims": 10,
    "gates": 10,
    "against": 11,
    "report": 11,
    "results": 12,
    "reporting": 12,
    "testing": 12,
    "pytest_plugin": 13,
    "cli": 13,
    "__main__": 14,
}

ROOMS = {
    "torch": "lab",
    "fvcore": "lab",
    "pynvml": "lab",
    "rich": "report",
    "pandas": "report",
    "matplotlib": "report",
    "jinja2": "report",
}

LONGEST_FILE, LONGEST_FUNCTION = 350, 55


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


def imports_in(node: ast.AST) -> Iterator[str]:
    """Every module that is imported in here, at any depth; a name out of one of our packages may be a module itself."""
    for inner in ast.walk(node):
        match inner:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found = [f"{module}.{alias.name}" for alias in names]
                yield from (name if name in FILES else module for name in found)
            case ast.ImportFrom():
                yield "a relative import"


def ours(module: str) -> set[str]:
    return {name for name in imports_in(tree(module)) if name.partition(".")[0] == PACKAGE}


def room(module: str) -> str:
    """The file or package of the house that a module is or lies in; nothing for the house itself."""
    return module.partition(".")[2].partition(".")[0]


@pytest.fixture(params=FILES)
def module(request: pytest.FixtureRequest) -> str:
    return request.param


def test_every_room_has_a_floor(module: str) -> None:
    assert not room(module) or room(module) in FLOORS, f"{room(module)} needs a floor in tests/test_house.py"


def test_imports_are_absolute(module: str) -> None:
    assert "a relative import" not in set(imports_in(tree(module)))


def test_imports_go_down(module: str) -> None:
    here = FLOORS.get(room(module), len(FLOORS))
    others = {name for name in ours(module) if room(name) != room(module)}
    up = {name: FLOORS[room(name)] for name in others if room(name) in FLOORS and FLOORS[room(name)] >= here}
    assert not up, f"{module} is on floor {here} and may import lower floors only"


def test_the_front_door_opens_no_heavy_room() -> None:
    assert not {room(name) for name in ours(PACKAGE)} & {"lab", "report", "results", "reporting", "claims", "cli", "__main__"}


@pytest.mark.parametrize(("wing", "other"), [("lab", "claims"), ("claims", "lab")])
def test_the_two_wings_never_meet(wing: str, other: str) -> None:
    """Only evidence passes between measuring and judging."""
    meeting = {module: reach(module) for module in FILES if room(module) == wing}
    assert not [module for module, reached in meeting.items() if other in map(room, reached)]


def reach(module: str) -> set[str]:
    """Everything of ours that is imported from here on."""
    reached: set[str] = set()
    ahead = [module]
    while ahead:
        new = ours(ahead.pop()) & FILES.keys() - reached
        reached |= new
        ahead += new
    return reached


def circle_in(imports: Mapping[str, set[str]]) -> list[str]:
    """The modules of one circle, the first of them again at the end; nothing where all imports lead down."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_nothing_imports_in_a_circle() -> None:
    assert circle_in({module: ours(module) & FILES.keys() for module in FILES}) == []


def test_a_circle_would_be_found() -> None:
    assert sorted(set(circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}))) == ["a", "b", "c"]


def test_heavy_guests_stay_in_their_rooms(module: str) -> None:
    guests = {name.partition(".")[0] for name in imports_in(tree(module))} & ROOMS.keys()
    assert not {guest for guest in guests if ROOMS[guest] != room(module)}


def functions(module: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(module)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def test_only_the_command_line_imports_inside_functions(module: str) -> None:
    late = {function.name for function in functions(module) if any(imports_in(function))}
    # The door imports inside too, so that an interruption while the rest loads is no traceback, and the second door, a test
    # suite, so that nobody waits for torch who hands over no module of it.
    assert room(module) in ("cli", "__main__", "testing", "pytest_plugin") or not late


def test_a_file_opens_with_its_job(module: str) -> None:
    assert ast.get_docstring(tree(module)), f"{module} says nothing about its job"


def test_files_are_short(module: str) -> None:
    assert len(FILES[module].read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_functions_are_short(module: str) -> None:
    long = {function.name for function in functions(module) if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION}
    assert not long


@pytest.mark.parametrize(
    "modules", ["inception_analyzer, inception_analyzer.networks", "inception_analyzer.cost, inception_analyzer.source"]
)
def test_counting_by_hand_wakes_no_heavy_guest(modules: str) -> None:
    show = "print(*sorted({'torch', 'fvcore', 'pandas', 'rich', 'typer', 'matplotlib', 'numpy'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", f"import sys, {modules}\n{show}"], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
