"""Cost gates: what a baseline holds, which rules apply to it, and what breaches them; nothing here reads a clock.

For programs: `check(baseline, now, rules, today)` is pure, and everything that goes in or comes out is a typed value.
"""

from inception_analyzer.gates.baseline import Baseline as Baseline
from inception_analyzer.gates.baseline import Model as Model
from inception_analyzer.gates.baseline import model_of as model_of
from inception_analyzer.gates.baseline import of_models as of_models
from inception_analyzer.gates.check import Change as Change
from inception_analyzer.gates.check import Checked as Checked
from inception_analyzer.gates.check import Line as Line
from inception_analyzer.gates.check import check as check
from inception_analyzer.gates.config import Settings as Settings
from inception_analyzer.gates.reading import from_text as from_text
from inception_analyzer.gates.reading import to_text as to_text
from inception_analyzer.gates.rules import Rule as Rule
from inception_analyzer.gates.rules import Rules as Rules
from inception_analyzer.gates.rules import Tolerance as Tolerance
from inception_analyzer.gates.rules import Waiver as Waiver
from inception_analyzer.gates.rules import parse_budget as parse_budget
from inception_analyzer.gates.rules import parse_tolerance as parse_tolerance
