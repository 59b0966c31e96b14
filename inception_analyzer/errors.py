"""What can go wrong by the asker's doing: one sentence, the facts beside it, and an exit code."""

from __future__ import annotations

# The exit codes of the command line, by meaning.
FINE, DIFFERS, WRONG_USE, UNDECIDED, FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130

Fact = tuple[str, str]


class AnalyzerError(Exception):
    """What is the matter, in one line; `facts` say what was asked, what was found, and what to do instead."""

    code = WRONG_USE

    def __init__(self, what: str, *facts: Fact, word: str = "", code: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.facts = facts
        self.word = word  # the word of the command line that is at fault, to be underlined
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return "; ".join([self.what, *(f"{label}: {text}" for label, text in self.facts)])


class SpecError(AnalyzerError):
    """A network that is not legal, or an input that does not fit it; `path` names the place."""

    def __init__(self, path: str, what: str, *facts: Fact, word: str = "") -> None:
        super().__init__(f"at {path or 'the trunk'}: {what}", *facts, word=word)
        self.path = path
