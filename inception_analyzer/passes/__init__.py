"""Rewriting passes: factored to unfactored and back, ablations, and other sizes of the same design."""

from inception_analyzer.passes.catalogue import GROUPS as GROUPS
from inception_analyzer.passes.catalogue import PASSES as PASSES
from inception_analyzer.passes.core import Pass as Pass
from inception_analyzer.passes.derivation import Step as Step
from inception_analyzer.passes.engine import Order as Order
from inception_analyzer.passes.engine import Rewritten as Rewritten
from inception_analyzer.passes.engine import applicable as applicable
from inception_analyzer.passes.engine import apply_order as apply_order
from inception_analyzer.passes.engine import orders_of as orders_of
from inception_analyzer.passes.engine import rewrite as rewrite
from inception_analyzer.passes.engine import would_apply as would_apply
