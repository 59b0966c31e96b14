"""The figures of a report: each a drawing with its words, made only where the story has what it shows."""

from __future__ import annotations

from inception_analyzer.report.figures.blocks import dumbbells
from inception_analyzer.report.figures.drawing import Drawing
from inception_analyzer.report.figures.flow import activations
from inception_analyzer.report.figures.growth import scaling
from inception_analyzer.report.figures.printed import printed_counted
from inception_analyzer.report.figures.stages import branches, stages
from inception_analyzer.report.figures.totals import cost_map
from inception_analyzer.report.figures.widths import saving_by_widths
from inception_analyzer.report.story import Story

FIGURES = (cost_map, activations, dumbbells, branches, stages, scaling, printed_counted, saving_by_widths)


def figures_of(story: Story) -> tuple[Drawing, ...]:
    """Every figure that this story has data for, in the order of the report."""
    return tuple(found for make in FIGURES if (found := make(story)))
