"""From a story to the files of its folder."""

from __future__ import annotations

from inception_analyzer.report import page, told
from inception_analyzer.report.folder import REPORT
from inception_analyzer.report.story import Story


def files_of(story: Story) -> dict[str, bytes]:
    """Every file by its path in the folder."""
    texts = {
        "report.md": told.to_markdown(story, {}),
        "report.html": page.render(story, {}),
        REPORT: told.to_json(story),
        **told.to_tables(story),
    }
    return {name: text.encode("utf-8") for name, text in texts.items()}
