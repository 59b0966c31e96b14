"""Images as they are asked for, whether a network fits over one, and the smallest from there on that it does fit over."""

from __future__ import annotations

from collections.abc import Sequence

from inception_analyzer.errors import AnalyzerError, SpecError
from inception_analyzer.place import Placed, place
from inception_analyzer.spec import Network, Shape

Image = Shape | int | str | Sequence[int]

LARGEST_SIDE = 65_536
SEARCHED = 332  # sides that are tried at the least; every network here fits below it
FURTHER = 64  # and so many beyond the one that was asked for


def place_or_explain(network: Network, image: Shape) -> Placed:
    """The placed network; an image that is too small is answered with the layer that fails and the size that works."""
    try:
        return place(network, image)
    except SpecError as error:
        side = working_side(network, image)
        way_out = (("smallest input from here", f"{side}x{side}"),) if side else ()
        asked = ("asked", f"{network.label} at {image.height}x{image.width}")
        raise SpecError(error.path, error.what.partition(": ")[2], asked, *way_out) from None


def working_side(network: Network, image: Shape) -> int | None:
    """The smallest square from the asked size upwards that the network takes."""
    start = min(image.grid)
    for side in range(start, max(SEARCHED, start + FURTHER)):
        try:
            place(network, Shape(image.channels, side, side))
        except SpecError:
            continue
        return side
    return None


def shape_of(image: Image, channels: int) -> Shape:
    """An image in any of its spellings."""
    match image:
        case Shape():
            return image
        case str():
            return parse_image(image, channels)
        case int():
            return parse_image(str(image), channels)
    return parse_image("x".join(map(str, image)), channels)


def parse_image(text: str, channels: int) -> Shape:
    """`224`, `224x320` or `3x224x224` as an image; the channels are the network's unless they are said."""
    parts = [part.strip() for part in text.lower().replace("×", "x").split("x")]
    if not all(part.isascii() and part.isdigit() for part in parts) or not 1 <= len(parts) <= 3:
        raise _bad_size(text, "is not a size")
    sizes = [int(part) for part in parts]
    if not all(1 <= size <= LARGEST_SIDE for size in sizes):
        raise _bad_size(text, f"is out of range: every side is 1 to {LARGEST_SIDE}")
    if len(sizes) == 3:
        return Shape(*sizes)
    return Shape(channels, sizes[0], sizes[-1])


def _bad_size(text: str, why: str) -> AnalyzerError:
    return AnalyzerError(
        f"the input {text!r} {why}", ("instead", "a side (224), height x width (224x320) or 3x224x224"), word=text
    )
