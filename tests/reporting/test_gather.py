"""Steps to a story: what fails or is interrupted is told in its place, and what was finished stays."""

from __future__ import annotations

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.report import told
from inception_analyzer.report.document import Document, Flat, Note
from inception_analyzer.report.story import Story
from inception_analyzer.report.tables import to_tables
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


def stops_with_nothing(known: Gathering) -> Document:
    known.interrupted = True
    return Document("show", "nothing", "", (), (), lambda: Flat(("a",), ()), dict)


def story_of(*runs: object, saved: list[Story] | None = None) -> Story:
    steps = [
        Step(f"part{number}", f"Part {number}", "How it is read.", run, float(number % 2)) for number, run in enumerate(runs)
    ]  # type: ignore[arg-type]
    said: list[tuple[str, int, int]] = []
    keep = (lambda _: None) if saved is None else saved.append
    story = gather(steps, Gathering(), lambda *words: said.append(words), command="report", made="now", machine={}, save=keep)
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
    assert [part.document for part in story.parts[1:]] == [None, None]
    assert [part.reason for part in story.parts[1:]] == ["nothing of it was finished", "it had not begun"]
    assert story.kept == {"some": {"row": "1"}}


def test_a_step_may_keep_what_it_has() -> None:
    story = story_of(keeps_and_stops, found)
    assert [part.state for part in story.parts] == ["interrupted", "interrupted"]
    assert story.parts[0].document is not None
    assert told.unfinished(story) == (
        "This part was interrupted: Part 0. What was finished stands here.",
        "This part was interrupted: Part 1. It had not begun.",
    )
    assert "part0.csv" in to_tables(story)
    place = told.to_markdown(story, {}).partition("## Part 0")[2].partition("## Part 1")[0]
    assert "**This part was interrupted:** What was finished stands here." in place
    assert "**Some** were found." in place


def test_parts_that_one_reason_keeps_out_are_told_in_one_sentence() -> None:
    story = story_of(stops, found, found)
    assert told.unfinished(story) == (
        "This part was interrupted: Part 0. Nothing of it was finished.",
        "These parts were interrupted: Part 1; Part 2. They had not begun.",
    )


def test_a_step_that_kept_nothing_does_not_say_that_something_stands_there() -> None:
    (part,) = story_of(stops_with_nothing).parts
    assert (part.state, part.document, part.reason) == ("interrupted", None, "nothing of it was finished")


def test_each_step_that_took_the_clock_is_saved_with_the_others_marked() -> None:
    saved: list[Story] = []
    story = story_of(found, found, found, found, saved=saved)
    assert [[part.state for part in one.parts] for one in saved] == [
        ["done", "done", "interrupted", "interrupted"],
        ["done", "done", "done", "done"],
    ]
    assert saved[0].kept == {"some": {"row": "1"}}
    assert saved[0].parts[3].reason == "it had not begun"
    assert saved[1].parts == story.parts


def test_a_fault_of_ours_costs_its_own_part_only() -> None:
    def broken(_: Gathering) -> Document:
        raise KeyError("a bug")

    story = story_of(broken, found)
    assert [part.state for part in story.parts] == ["failed", "done"]
    assert "a fault in inception-analyze itself: KeyError" in story.parts[0].reason
