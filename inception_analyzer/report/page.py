"""The page of a report: one file that holds everything it shows."""

from __future__ import annotations

from inception_analyzer.report import told
from inception_analyzer.report.story import Story
from inception_analyzer.report.web import environment, stylesheet


def render(story: Story) -> str:
    """The story as one self-contained page."""
    template = environment().get_template("report.html")
    return template.render(
        story=story,
        style=stylesheet(),
        findings=told.findings(story),
        unfinished=told.unfinished(story),
        states=told.STATES,
        provenance=told.provenance(story),
    )
