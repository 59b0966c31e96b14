"""Model expressions, `NAME[@PASS[=VALUE][,PASS...]]`: how a model is named everywhere; NAME may be a file of one's own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.fit import parse_image, place_or_explain
from inception_analyzer.networks import network
from inception_analyzer.own import is_own, own_network
from inception_analyzer.passes import Rewritten, rewrite
from inception_analyzer.spec import Network


@dataclass(frozen=True, slots=True)
class Expression:
    """A network's name and the passes to run over it, in order."""

    name: str
    passes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}@{','.join(self.passes)}" if self.passes else self.name

    def then(self, passes: tuple[str, ...]) -> Expression:
        """The same with more passes after its own."""
        return Expression(self.name, (*self.passes, *passes))


def parse(text: str) -> Expression:
    """The expression that a text stands for; an expression prints as itself."""
    name, has_passes, rest = text.strip().partition("@")
    passes = tuple(part.strip() for part in rest.split(",")) if has_passes else ()
    if not name or (has_passes and not all(passes)):
        example = ("for example", "v3@unfactorized, v3@width=2,input=331")
        raise AnalyzerError(f"{text!r} is not a model: NAME or NAME@PASS,PASS", example, word=text)
    return Expression(name, passes)


def resolve(text: str, image: str | None = None) -> Rewritten:
    """The network that an expression names, over another image if asked for, and how it came about."""
    expression = parse(text)
    try:
        found = own_network(expression.name) if is_own(expression.name) else network(expression.name)
        original = replace(found, expression=expression.name)
        if image is not None:
            original = replace(original, input=parse_image(image, original.input.channels))
            place_or_explain(original, original.input)
        rewritten = rewrite(original, expression.passes)
    except AnalyzerError as error:
        raise AnalyzerError(
            error.what, *error.facts, word=error.word if error.word == image else text, code=error.code
        ) from None
    return replace(rewritten, network=replace(rewritten.network, expression=str(expression)))


def derivation_between(reference: Rewritten, other: Rewritten) -> Rewritten | None:
    """How the second network comes from the first by passes, or None where it does not."""
    first, second = parse(reference.network.label), parse(other.network.label)
    if reference.original.name != other.original.name or second.passes[: len(first.passes)] != first.passes:
        return None
    rest = second.passes[len(first.passes) :]
    if not rest:
        return None
    if not first.passes:
        return replace(other, original=reference.network)
    rewritten = rewrite(reference.network, rest)
    return replace(rewritten, network=other.network)


def load(expression: str) -> Network:
    """The network that an expression names."""
    return resolve(expression).network
