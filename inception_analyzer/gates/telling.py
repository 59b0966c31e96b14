"""What models of this checkout cost, told to another process: so a revision is counted by the program that lies in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from inception_analyzer.count import count
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.expressions import resolve
from inception_analyzer.gates.baseline import model_of, of_models
from inception_analyzer.gates.reading import to_text
from inception_analyzer.version import VERSION


def told(models: Mapping[str, str]) -> dict[str, object]:
    """A baseline as text, and by name why a model is not in it."""
    found, refused = [], {}
    for name, expression in models.items():
        try:
            found.append(model_of(name, expression, count(resolve(expression).network)))
        except AnalyzerError as error:
            refused[name] = error.what
    return {"baseline": to_text(of_models(found, VERSION)) if found else "", "refused": refused}


def main() -> None:
    """Names and expressions on standard input, the answer on standard output."""
    sys.stdout.write(json.dumps(told(json.load(sys.stdin))) + "\n")
