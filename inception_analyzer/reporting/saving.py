"""A report on its way into its folder: written after each step that took the clock, so that whoever is killed can resume."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.report.folder import remove_files, write_folder, written_files
from inception_analyzer.report.story import Story
from inception_analyzer.reporting.files import data_of, pages_of, tables_of


@dataclass(frozen=True, slots=True)
class Saving:
    """Where a report goes, and the files of the one that it replaces."""

    folder: Path
    before: frozenset[str]

    def so_far(self, story: Story) -> None:
        """What is known in the middle; what cannot be written now is told at the end, and measuring goes on."""
        with suppress(AnalyzerError):
            self._data(story)

    def whole(self, story: Story) -> None:
        """The data first, so that nothing that was measured is lost if a figure fails; what is no longer told goes."""
        self._data(story)
        files = {**tables_of(story), **pages_of(story)}
        write_folder(self.folder, {**files, **data_of(story, files)})
        remove_files(self.folder, self.before - files.keys())

    def _data(self, story: Story) -> None:
        tables = tables_of(story)
        write_folder(self.folder, {**tables, **data_of(story, self.before | tables.keys())})


def saving(folder: Path) -> Saving:
    """Into a folder that may hold an earlier report."""
    return Saving(folder, written_files(folder))
