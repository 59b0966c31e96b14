"""From what is asked for to what is drawn: networks or one block of each, as a picture, a chart or a document."""

from __future__ import annotations

from dataclasses import dataclass

from inception_analyzer.outline import Part
from inception_analyzer.report.document import Document
from inception_analyzer.report.drawing import chain, lines, mermaid, module, network, pair
from inception_analyzer.report.drawing.flow import is_chain
from inception_analyzer.report.drawing.picture import Picture
from inception_analyzer.report.drawing.subject import Subject, flow_in, kind_words


@dataclass(frozen=True, slots=True)
class Asked:
    """Networks in the order of asking, and of each the part that is meant, or nothing for the whole."""

    subjects: tuple[Subject, ...]
    parts: tuple[Part, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether networks are drawn, or of one network a stage of modules, which looks like one."""
        return not self.parts or (len(self.parts) == 1 and _has_modules(self.parts[0]))

    @property
    def modules(self) -> list[module.Subject]:
        """The parts, each with what flows through it."""
        return [module_of(subject, part) for subject, part in zip(self.subjects, self.parts, strict=True)]


def picture(asked: Asked) -> Picture:
    """The picture of what was asked for."""
    if asked.whole:
        if len(asked.subjects) == 2:
            return pair.picture(*asked.subjects)
        return network.picture(asked.subjects[0], asked.parts[0] if asked.parts else None)
    modules = asked.modules
    if len(modules) == 1 and is_chain(modules[0].flow):
        return chain.picture(modules[0])
    return module.picture(modules)


def chart(asked: Asked) -> str:
    """The flowchart of what was asked for."""
    return mermaid.of_modules(asked.modules) if asked.parts else mermaid.of_networks(asked.subjects)


def document(asked: Asked, width: int = lines.DESIGN) -> Document:
    """What a terminal shows of it."""
    if asked.parts:
        return lines.of_modules(asked.subjects, asked.modules, width)
    return lines.of_networks(asked.subjects, width)


def module_of(subject: Subject, part: Part) -> module.Subject:
    """A part of a network, ready to be drawn."""
    title = f"{subject.title}, {' '.join(filter(None, (kind_words(part), _name(part))))}"
    flow = flow_in(subject, part)
    return module.Subject(title, subject.family, flow, part.cost, subject.macs, part.reads, part.writes)


def _name(part: Part) -> str:
    """The short name of a block; of what lies in one, the path."""
    return part.path if "." in part.path else network.label_of(part.name)


def _has_modules(part: Part) -> bool:
    return part.role == "stage" and any(inner.kind for inner in part.parts)
