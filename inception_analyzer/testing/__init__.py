"""Costs in a test suite: `assert_cost` for any test, and a pytest plugin with fixtures, a marker and stored costs."""

from inception_analyzer.testing.costs import assert_cost as assert_cost
from inception_analyzer.testing.costs import cost_of as cost_of
from inception_analyzer.testing.subjects import Costed as Costed
