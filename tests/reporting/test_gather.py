"""Steps to a story: what fails or is interrupted is told in its place, and what was finished stays."""

from __future__ import annotations

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.report import told
from inception_analyzer.report.document import Document, Flat, Note
from inception_analyzer.report.story import Story
from inception_analyzer.reporting.gather import Gathering, Step, gather


def found(known: Gathering) -> Document:
    known.kept["some"] = {"row": "1"}
    flat = Flat(("a",), ({"a": 1},))
    return Document("show", "some", "", ("*Some* were found.",), (Note(("what was found",)),), lambda: flat, lambda: {"a": 1})


def fails(_: Gathering) -> Document:
    raise AnalyzerError("it does not fit", ("instead", "a smaller one"))


def stops(_: Gathering) -> Document:
    raise KeyboardInterrupt


def keeps_and_stops(known: Gathering) -> Document:
    known.interrupted = True
    return found(known)


def story_of(*runs: object) -> Story:
    steps = [Step(f"part{number}", f"Part {number}", "How it is read.", run) for number, run in enumerate(runs)]  # type: ignore[arg-type]
    said: list[tuple[str, int, int]] = []
    story = gather(steps, Gathering(), lambda *words: said.append(words), command="report", made="now", machine={})
    assert [number for _, number, _ in said] == list(range(1, len(said) + 1))
    return story


def test_a_step_that_fails_does_not_stop_the_others() -> None:
    story = story_of(fails, found)
    assert [part.state for part in story.parts] == ["failed", "done"]
    assert "it does not fit" in story.parts[0].reason
    text = told.to_markdown(story, {})
    assert "This part failed" in text
    assert "**Some** were found." in text


def test_an_interruption_ends_the_rest_and_keeps_what_was_done() -> None:
    story = story_of(found, stops, found)
    assert [part.state for part in story.parts] == ["done", "interrupted", "interrupted"]
    assert story.parts[2].document is None
    assert story.kept == {"some": {"row": "1"}}


def test_a_step_may_keep_what_it_has() -> None:
    story = story_of(keeps_and_stops, found)
    assert [part.state for part in story.parts] == ["interrupted", "interrupted"]
    assert story.parts[0].document is not None
    assert told.unfinished(story) != ()
    assert "part0.csv" in told.to_tables(story)


def test_a_fault_of_ours_costs_its_own_part_only() -> None:
    def broken(_: Gathering) -> Document:
        raise KeyError("a bug")

    story = story_of(broken, found)
    assert [part.state for part in story.parts] == ["failed", "done"]
    assert "a fault in inception-analyze itself: KeyError" in story.parts[0].reason
