"""Whether a network fits over an image, and the smallest image from there on that it does fit over."""

from __future__ import annotations

from inception_analyzer.errors import SpecError
from inception_analyzer.place import Placed, place
from inception_analyzer.spec import Network, Shape

SEARCHED = 332  # the largest side that is tried; every network here fits below it


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
    for side in range(start, SEARCHED + 1):
        try:
            place(network, Shape(image.channels, side, side))
        except SpecError:
            continue
        return side
    return None
