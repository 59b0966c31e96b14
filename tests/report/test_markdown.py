"""Markdown as GitHub renders it: long tables and groups folded under names, signs instead of letters, commands as code."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from inception_analyzer.report import markdown
from inception_analyzer.report.document import CODE, Column, Document, Flat, Note, Table, row, table
from inception_analyzer.report.style import to_ascii

HEADS = (Column("block", "left"), Column("MACs"))


def rows(number: int) -> list[tuple[object, ...]]:
    return [row(f"b{index}", str(index)) for index in range(number)]


def rendered(*sections: Table | Note, finding: tuple[str, ...] = ()) -> str:
    return markdown.render(Document("show", "v3", "299 x 299", finding, sections, lambda: Flat((), ()), dict))


@pytest.mark.parametrize(("number", "folds"), [(markdown.LONGEST, False), (markdown.LONGEST + 1, True)])
def test_a_table_longer_than_a_screen_is_folded(number: int, folds: bool) -> None:
    text = rendered(table(HEADS, rows(number)), finding=("*It is so.*",))  # type: ignore[arg-type]
    assert ("<details><summary>block: 16 rows</summary>" in text) is folds
    assert text.startswith("### v3\n\n**It is so.**\n\n")
    assert text.count("| b") == number + 1  # with the head


def test_a_fold_is_named_after_what_it_holds() -> None:
    text = rendered(table(HEADS, rows(20), fold="20 blocks <of> 3x3"))  # type: ignore[arg-type]
    assert "<summary>20 blocks &lt;of&gt; 3×3</summary>" in text
    assert "<summary>title: 20 rows</summary>" in rendered(table(HEADS, rows(20), "title"))  # type: ignore[arg-type]


def test_each_group_is_a_table_of_its_own_under_its_head() -> None:
    grouped = table(HEADS, [row("x  does not  2", ""), *rows(2), (), row("v  holds  1", ""), *rows(1)], grouped=True)  # type: ignore[list-item]
    text = rendered(grouped)
    assert "<details open><summary>x does not 2</summary>" in text
    assert "<details><summary>v holds 1</summary>" in text
    assert text.count("| block | MACs |") == 2
    assert text.count("</details>") == 2


def test_what_is_folded_still_renders_as_tables() -> None:
    """GitHub's Markdown has tables, and a blank line behind the head of a fold lets Markdown go on."""
    page = MarkdownIt("commonmark").enable("table").render(rendered(table(HEADS, rows(20))))  # type: ignore[arg-type]
    assert page.count("<table>") == page.count("<details>") == 1
    assert page.index("<details>") < page.index("<table>") < page.index("</details>")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("takes 3.61x the work of 1x7 + 7x1 at 299 x 299", "takes 3.61× the work of 1×7 + 7×1 at 299 × 299"),
        ("- 3 and -41.5 % of 5.71 G", "- 3 and −41.5\u00a0% of 5.71\u00a0G"),
        ("mixed_6e.7x7.1 of v3@stem-7x7", r"mixed\_6e.7x7.1 of v3@stem-7x7"),
        ("v1@input=224x224 and two-3x3-save-28", "v1@input=224x224 and two-3x3-save-28"),
        ("why *3x3*: inception-analyze kernel 5x5 3x3,3x3", "why **3×3**: `inception-analyze kernel 5x5 3x3,3x3`"),
        ("in full: inception-analyze show v3    a 3*3", r"in full: `inception-analyze show v3`  " + r"  a 3\*3"),
        ("run inception-analyze show `x|y`", r"run inception-analyze show \`x\|y\`"),
    ],
)
def test_signs_for_letters_but_never_in_names_and_commands(line: str, told: str) -> None:
    assert markdown.text(line) == told


def test_sums_are_text_and_source_is_source() -> None:
    assert "```text\n3x3 = 9\n```" in rendered(Note(("3x3 = 9",), CODE))
    assert "```python\nconv(3)\n```" in rendered(Note(("conv(3)",), CODE, "python"))


def test_where_signs_cannot_be_written_letters_stand_again() -> None:
    assert to_ascii(markdown.text("3.61x, -3 % at 5 G")) == "3.61x, -3 % at 5 G"
