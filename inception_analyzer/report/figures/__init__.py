"""The figures of a report: each a drawing with its words, made only where the story has what it shows."""

from __future__ import annotations

from collections.abc import Callable

from inception_analyzer.report.figures.arms import branches
from inception_analyzer.report.figures.blocks import dumbbells
from inception_analyzer.report.figures.drawing import Drawing
from inception_analyzer.report.figures.flow import activations
from inception_analyzer.report.figures.grids import savings_by_grid
from inception_analyzer.report.figures.growth import scaling
from inception_analyzer.report.figures.printed import printed_counted
from inception_analyzer.report.figures.roofline import rooflines
from inception_analyzer.report.figures.speeds import cost_time
from inception_analyzer.report.figures.stages import stages
from inception_analyzer.report.figures.times import counted_measured
from inception_analyzer.report.figures.totals import cost_map
from inception_analyzer.report.figures.training import memory_split
from inception_analyzer.report.figures.widths import saving_by_widths
from inception_analyzer.report.story import Story

FIGURES: tuple[Callable[[Story], Drawing | None], ...] = (
    cost_map,
    activations,
    dumbbells,
    branches,
    stages,
    scaling,
    printed_counted,
    saving_by_widths,
    savings_by_grid,
    counted_measured,
    cost_time,
    memory_split,
)


def figures_of(story: Story) -> tuple[Drawing, ...]:
    """Every figure that this story has data for, and whose part it tells, in the order of the report."""
    found = [one for make in FIGURES if (one := make(story))] + list(rooflines(story))
    return tuple(one for one in found if story.part(one.part))
