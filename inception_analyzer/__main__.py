"""The door: runs the command line and turns whatever goes wrong into one clear message and its exit code."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from inception_analyzer.errors import FAILED, FINE, INTERRUPTED, WRONG_USE, AnalyzerError

if TYPE_CHECKING:
    from inception_analyzer.cli.options import Answer, More
    from inception_analyzer.report.document import Document
    from inception_analyzer.report.write import Format

DEBUG = "INCEPTION_ANALYZE_DEBUG"
DOOR = ("typer", "click", "rich")  # without which nothing can be asked or told
SMALLER = "a smaller input, width or batch"


def main() -> None:
    """The console command."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of a command line."""
    # Typing `| head` ends the reader, not the program's good name.
    try:
        return _run(arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except AnalyzerError as error:
        return _refuse(error, arguments)
    except MemoryError:
        return _refuse(AnalyzerError("this does not fit in memory", ("instead", SMALLER), code=FAILED), arguments)
    except OSError as error:
        return _refuse(AnalyzerError(f"cannot write: {error.strerror or error}", code=FAILED), arguments)
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        alone = "" if missing in DOOR else "; everything that only counts works without it"
        way_out = ("instead", f"pip install {missing}{alone}")
        return _refuse(AnalyzerError(f"this needs {missing}, which is not installed", way_out, code=FAILED), arguments)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        told = (("found", f"{type(error).__name__}: {error}"), ("for the traceback", f"{DEBUG}=1"))
        return _refuse(AnalyzerError("a fault in inception-analyze itself", *told, code=FAILED), arguments)


def _run(arguments: list[str]) -> int:
    from inception_analyzer.cli import Answer, answer_to

    try:
        answer = answer_to(arguments)
    except Exception as error:
        # The parser's own complaints carry their text; anything else is a bug and shows itself as one.
        if not hasattr(error, "format_message"):
            raise
        raise _usage(error, arguments) from None
    if answer == INTERRUPTED:
        raise KeyboardInterrupt
    if isinstance(answer, Answer):
        code = _give(answer)
        if code == INTERRUPTED:
            sys.stderr.write("interrupted; what was finished is told\n")
        return code
    sys.stdout.flush()
    return answer if isinstance(answer, int) else FINE


def _give(answer: Answer) -> int:
    """What is known at once goes out at once on a terminal; the rest follows, or both go out together."""
    from inception_analyzer.report.write import form_of, write, write_more

    form = form_of(answer.form, answer.output)
    _load_writer(form)
    at_once = form == "table" and answer.output == "-"
    if at_once or answer.more is None:
        write(answer.document, form, answer.output, plain=answer.plain)
    if answer.more is None:
        return answer.code
    try:
        more = answer.more()
    except BaseException:
        # What was known before is no worse for what went wrong after it.
        if not at_once:
            write(answer.document, form, answer.output, plain=answer.plain)
        raise
    if at_once:
        write_more(more.sections, plain=answer.plain)
    else:
        write(more.whole or joined(answer.document, more), form, answer.output, plain=answer.plain)
    return more.code or answer.code


def _load_writer(form: Format) -> None:
    """The writers of pages and papers, which few commands need."""
    from inception_analyzer.report.write import WRITERS

    if form == "html":
        from inception_analyzer.report import web

        WRITERS[form] = web.render
    elif form == "latex":
        from inception_analyzer.report import latex

        WRITERS[form] = latex.render


def joined(first: Document, more: More) -> Document:
    """An answer and what followed it as one."""
    return replace(
        first,
        sections=(*first.sections, *more.sections),
        flat=lambda: more.flat(first.flat()) if more.flat else first.flat(),
        data=lambda: {**first.data(), **more.data},
    )


def _usage(error: Exception, arguments: list[str]) -> AnalyzerError:
    """The parser's complaint in the words of the house."""
    from inception_analyzer.cli import COMMANDS

    text = str(error.format_message()).rstrip(".")  # type: ignore[attr-defined]
    text = re.sub(r"^Invalid value for '([^']+)'(?: / '[^']+')?: ", r"\1: ", text)
    word = next((part for part in arguments if len(part) > 1 and part in text), "")
    name = next((part for part in arguments if part in COMMANDS), "")
    described = ("described", " ".join(filter(None, ("inception-analyze", name, "--help"))))
    return AnalyzerError(text[:1].lower() + text[1:], described, word=word, code=WRONG_USE)


def _refuse(error: AnalyzerError, arguments: list[str]) -> int:
    try:
        from inception_analyzer.report.problem import render
        from inception_analyzer.report.terminal import surface_of
    except ModuleNotFoundError:  # what draws the message is the very thing that is missing
        sys.stderr.write(f"error: {error}\n")
        return error.code
    sys.stderr.write(render(error, ["inception-analyze", *arguments], surface_of(sys.stderr)))
    return error.code


if __name__ == "__main__":
    main()
