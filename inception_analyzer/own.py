"""Networks of one's own: a file that holds a trunk in the words of `rewrite --source`, or in JSON; no code is run."""

from __future__ import annotations

import json
from pathlib import Path

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.fit import parse_image, place_or_explain
from inception_analyzer.source import from_json, from_source
from inception_analyzer.spec import Network, Node, Recipe, Sequence, Shape, Source

SUFFIXES = (".words", ".json")
INPUT = "# input:"
LARGEST = 4 * 2**20  # bytes; the words of Inception-ResNet-v2 take some 20,000

FORM = ("instead", '{"input": [3, 224, 224], "trunk": {...}}')
EXAMPLE = ("for example", f"a first line '{INPUT} 3x224x224', then trunk(conv(64, 7, 2), ...) as rewrite --source prints it")


def is_own(name: str) -> bool:
    """Whether a model's name is that of a file."""
    return name.endswith(SUFFIXES)


def own_network(name: str) -> Network:
    """The network that a file holds; it is called by the path as it was written."""
    text = _read(name)
    image, trunk = _from_json(name, text) if name.endswith(".json") else _from_words(name, text)
    if not isinstance(trunk, Sequence):
        raise AnalyzerError(f"{name} holds no trunk", EXAMPLE, word=name)
    network = Network(name, Path(name).stem, "ref", image, trunk, Source("a file", "", 0), Recipe("sgd"))
    try:
        place_or_explain(network, image)
    except AnalyzerError as error:
        raise AnalyzerError(f"{name}: {error.what}", *error.facts, word=name) from None
    return network


def _read(name: str) -> str:
    path = Path(name)
    try:
        if path.stat().st_size > LARGEST:
            raise AnalyzerError(f"{name} is too large to be a network", ("at most", f"{LARGEST:,} bytes"), word=name)
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise AnalyzerError(f"{name} is no text in UTF-8", EXAMPLE, word=name) from None
    except OSError as error:
        raise AnalyzerError(f"cannot read {name}: {(error.strerror or str(error)).lower()}", EXAMPLE, word=name) from None


def _from_words(name: str, text: str) -> tuple[Shape, Node]:
    lines = text.splitlines()
    told = [line.removeprefix(INPUT).strip() for line in lines if line.startswith(INPUT)]
    if len(told) != 1:
        often = f"{len(told)} times" if told else "nowhere"
        raise AnalyzerError(f"{name} says {often} what image it reads", EXAMPLE, word=name)
    words = "\n".join("" if line.lstrip().startswith("#") else line for line in lines)
    try:
        return parse_image(told[0], 3), from_source(words)
    except AnalyzerError as error:
        raise AnalyzerError(f"{name}: {error.what}", *error.facts, word=name) from None


def _from_json(name: str, text: str) -> tuple[Shape, Node]:
    try:
        whole = json.loads(text)
        if not isinstance(whole, dict) or whole.keys() != {"input", "trunk"}:
            raise ValueError("it is no object with an input and a trunk")
        image = whole["input"]
        if not isinstance(image, list) or len(image) != 3:
            raise ValueError(f"the input {image!r} is not channels, height and width")
        return parse_image("x".join(map(str, image)), 3), from_json(json.dumps(whole["trunk"]))
    except (ValueError, RecursionError) as error:
        raise AnalyzerError(f"{name} is not a network in JSON: {error}", FORM, word=name) from None
    except AnalyzerError as error:
        raise AnalyzerError(f"{name}: {error.what}", *(error.facts or (FORM,)), word=name) from None
