"""A document as LaTeX tables for a paper, in the manner of booktabs; text is escaped, bars are left out."""

from __future__ import annotations

import re

from inception_analyzer.report.document import CODE, STAR, Bar, Content, Document, Note, Table

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "→": r"$\rightarrow$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "≈": r"$\approx$",
    "✓": r"$\checkmark$",
    "✗": r"$\times$",
    "◐": r"$\circ$",
    "²": r"$^2$",
    "−": r"$-$",
    "“": "``",
    "”": "''",
    "<": r"$<$",
    ">": r"$>$",
    "|": r"$|$",
}

PAGE = 40  # rows: a longer table must be able to go on overleaf
NEEDS = "% needs \\usepackage{booktabs,amssymb,longtable}"

# `3.61x`, `17x17` and `299 x 299`, but no `7x7` in the name of a layer or a claim.
TIMES = re.compile(r"(?<![\w-])(?<!\w\.)\d[\d,.]*(?:(?:x\d+)+(?![\w-]|\.\w)|x(?!\w))|(?<=\d) x (?=\d)")


def render(document: Document) -> str:
    """The tables, with what is found as a paragraph before them and the conditions behind."""
    parts = [f"% {' '.join(document.title.split())}\n{NEEDS}"]
    if document.finding:
        parts.append("\n".join(_marked(line) for line in document.finding))
    parts += [_table(one) if isinstance(one, Table) else _note(one) for one in document.sections]
    parts.append(rf"{{\footnotesize {escape(document.conditions)}\par}}" if document.conditions else "")
    return "\n\n".join(filter(None, parts)) + "\n"


def escape(text: str) -> str:
    """Text in which nothing is a command; products and negative numbers have their signs."""
    signed = re.sub(r"(?<!\w)-(?=\d)", "−", TIMES.sub(lambda found: found[0].replace("x", "×"), text))
    return "".join(SPECIAL.get(sign, sign) for sign in signed)


def _marked(text: str) -> str:
    parts = [part.replace(STAR, "*") for part in re.split(r"\*([^*]+)\*", text)]
    return "".join(rf"\textbf{{{escape(part)}}}" if index % 2 else escape(part) for index, part in enumerate(parts))


def _note(note: Note) -> str:
    if note.style == CODE:
        return "\n".join([r"\begin{verbatim}", *note.lines, r"\end{verbatim}"])
    return "\n\n".join(_marked(line) for line in note.lines)


def _table(table: Table) -> str:
    kept = [index for index in range(len(table.columns)) if not _is_bar(table, index)]
    aligns = "".join("r" if table.columns[index].align == "right" else "l" for index in kept)
    heads = [escape(table.columns[index].head) for index in kept]
    kind = "longtable" if len(table.rows) > PAGE else "tabular"
    lines = [rf"\begin{{{kind}}}{{{aligns}}}", r"\toprule"]
    lines += [_row(heads), r"\midrule"] if any(heads) else []
    lines += [r"\endhead"] if kind == "longtable" else []
    lines += [_row([_cell(cells[index]) for index in kept]) if cells else r"\addlinespace" for cells in table.rows]
    return "\n".join([*lines, r"\bottomrule", rf"\end{{{kind}}}"])


def _row(cells: list[str]) -> str:
    return " & ".join(cells) + r" \\"


def _cell(content: Content) -> str:
    if isinstance(content, Bar):
        return ""
    bare = content.text.lstrip("├└│─ ")
    indent = r"\quad " * ((len(content.text) - len(bare) + 1) // 3)  # two blanks or three signs of a tree
    text = escape(bare)
    return indent + (rf"\textbf{{{text}}}" if "bold" in content.style.split() and text.strip() else text)


def _is_bar(table: Table, index: int) -> bool:
    return any(isinstance(row[index], Bar) for row in table.rows if row)
