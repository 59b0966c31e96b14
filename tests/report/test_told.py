"""A story as text and tables: what a stranger finds in it who has nothing else, and what is said of what is missing."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from stories import MACHINE, full, quick

from inception_analyzer.claims import CLAIMS, HANDLES
from inception_analyzer.claims.judging import judged, questions_of
from inception_analyzer.inquiry import Answer, Answered
from inception_analyzer.report import told
from inception_analyzer.report.data import to_csv
from inception_analyzer.report.environment import facts
from inception_analyzer.report.page import render
from inception_analyzer.report.story import Story, unasked
from inception_analyzer.report.tables import to_tables
from inception_analyzer.report.twins import document as twins_document
from inception_analyzer.report.verdicts import LOOKS
from inception_analyzer.report.views import short
from inception_analyzer.reporting.counted import derived_twins
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Against, Failure, Measurement, Sample, Setup


def answered() -> Answered:
    sample = Sample("one", Setup(), (0.01,) * 8, 1, 20)
    against = Against(Interval(1.2, 1.1, 1.3), 0.01, "SLOWER", None)
    one = Measurement(sample, None, 1, "looks", 1.0, ())
    return Answered(one, replace(one, against=against), 0.7, ("compute", "compute"))


def asked(lacking: int = 0) -> Story:
    """The quick story with an answer to every question, but the last few for which no time was left."""
    questions = questions_of(CLAIMS.values())
    at = len(questions) - lacking
    answers: dict[object, Answer] = {one.work: answered() for one in questions[:at]}
    for number, one in enumerate(questions[at:]):
        answers[one.work] = Failure(f"{number}", Setup(), "the budget is spent", needed=9.0)
    return replace(quick(), judged=tuple(judged(claim, {}, answers) for claim in CLAIMS.values()))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_head_says_on_which_machine_all_this_was_found() -> None:
    machine = {**MACHINE, "system": "Linux 6.1", "devices": ["cpu", "cuda:0 NVIDIA H200"], "threads": 2, "memory_bytes": 2**34}
    text = told.to_markdown(replace(full(), machine=machine), {})
    head = text.partition("\n- ")[0]
    assert "2025-11-20 12:30 UTC" in head
    assert "a processor, 2 cores, NVIDIA H200, Linux 6.1, torch 2.13.0" in head
    assert "Timed on cpu in fp32 with 1 thread." in head
    assert "| memory | 16.0 GiB |" in text
    assert "Timed on" not in told.to_markdown(quick(), {}).partition("\n- ")[0]


def test_the_end_says_what_the_words_mean_and_the_whole_fingerprint() -> None:
    how = told.to_markdown(quick(), {}).rpartition("## How")[2]
    for word in ("multiply-add", "twin", "depends", "undecided"):
        assert f"- **{word}**: " in how
    assert {look.word for look in LOOKS.values()} - {"holds rounded"} <= told.WORDS.keys()
    assert [line for line in how.splitlines() if line.startswith("| ")][2:] == [
        f"| {name} | {value} |" for name, value in facts(MACHINE) if value != "none"
    ]


def test_a_part_that_is_not_done_says_so_in_its_place_whatever_stands_there() -> None:
    text = told.to_markdown(full(), {})
    titles = [*(part.title for part in full().parts), "How"]
    for part, following in zip(full().parts, titles[1:], strict=True):
        place = text.partition(f"\n## {part.title}\n")[2].partition(f"\n## {following}\n")[0]
        said = [line for line in place.splitlines() if line.startswith("**This part")]
        assert len(said) == (part.state != "done")
        assert all(line.startswith(f"**{told.STATES[part.state]}:** ") for line in said)


def test_many_findings_leave_the_first_open() -> None:
    story = full()
    found = ("*The first*.", "Two.", "Three.", "Four.")
    part = next(one for one in story.parts if one.name == "measured")
    assert part.document is not None
    changed = replace(part, document=replace(part.document, finding=found))
    text = told.to_markdown(replace(story, parts=(changed,)), {})
    assert "\n\n**The first**.\n\n<details><summary>3 more findings</summary>\n\nTwo.  \nThree.  \nFour.\n\n</details>" in text


@pytest.mark.parametrize(("lacking", "sentence"), [(0, ""), (1, "1 measurement did"), (11, "11 measurements did")])
def test_what_the_budget_had_no_room_for_is_counted_everywhere(lacking: int, sentence: str) -> None:
    story = asked(lacking)
    assert unasked(story) == lacking
    assert json.loads(told.to_json(story))["unasked"] == lacking
    for text in (told.to_markdown(story, {}).partition("Contents:")[0], render(story, {})):
        assert ("did not fit in the budget" in text) is bool(lacking)
        assert sentence in text


def test_json_lists_the_files_beside() -> None:
    assert json.loads(told.to_json(quick(), {"b.csv", "a.csv"}))["files"] == ["a.csv", "b.csv"]


def test_every_question_of_the_claims_has_a_row() -> None:
    rows = rows_of(to_tables(asked(11))["claims-measured.csv"])
    assert len(rows) == sum(len(claim.asks()) for claim in CLAIMS.values()) > 40
    assert {row["handle"] for row in rows} <= set(HANDLES.values())
    done = [row for row in rows if not row["error"]]
    assert {(row["ratio"], row["ratio_low"], row["ratio_high"], row["n"], row["verdict"]) for row in done} == {
        ("1.2", "1.1", "1.3", "8", "slower")
    }
    assert any(row["error"] == "the budget is spent" for row in rows)
    pair = next(row for row in rows if (row["reference"], row["other"], row["phase"]) == ("v1", "v3", "forward"))
    assert round(float(pair["macs_ratio"]), 2) == 3.61


def test_blocks_and_rules_and_memory_have_their_tables() -> None:
    tables = to_tables(full())
    assert "claims-measured.csv" not in tables  # nobody asked the clock
    rules = rows_of(tables["compare-v3-v3-unfactorized-rules.csv"])
    assert [row["letter"] for row in rules] == ["a", "b", "c"]
    assert sum(float(row["macs_share"]) for row in rules) == pytest.approx(1)
    blocks = rows_of(tables["compare-v3-v3-unfactorized-blocks.csv"])
    pair = next(one for one in full().pairs if one.derived)
    for side, one in (("left", pair.left), ("right", pair.right)):
        assert sum(int(row[f"macs_{side}"]) for row in blocks) == one.count.cost.macs
    changed = [row for row in blocks if row["changed"] == "true"]
    assert all(row["rules"] for row in changed)
    assert not any(row["rules"] for row in blocks if row not in changed)
    assert "rules" not in "".join(name for name in tables if name.startswith("compare-v1-v3"))
    kept = rows_of(tables["memory-blocks.csv"])
    assert [(row["block"], row["kept_bytes"]) for row in kept] == [("mixed_5b", "100"), ("mixed_6b", "300")]


def test_parts_keep_their_own_tables() -> None:
    tables = to_tables(full())
    for part in full().parts:
        if part.document is not None and part.document.flat().rows:
            assert tables[f"{part.name}.csv"] == to_csv(part.document)


def test_sentences_can_be_read() -> None:
    (sentence,) = twins_document(derived_twins()).finding
    assert sentence.count("would take") == 2
    claims = next(one for one in short.findings(asked(), ["claims"]) if one.place == "Claims")
    bad = [one.claim.title for one in asked().judged if one.finding.verdict == "does-not-reproduce"]
    assert short.typeset(f"among them: “{bad[0]}” and “{bad[1]}”.") in claims.sentence
