"""What a convolutional architecture costs: the names that programs may rely on. Nothing here imports torch."""

from inception_analyzer.cost import Cost as Cost
from inception_analyzer.cost import cost_of as cost_of
from inception_analyzer.errors import AnalyzerError as AnalyzerError
from inception_analyzer.errors import SpecError as SpecError
from inception_analyzer.expressions import load as load
from inception_analyzer.networks import network_names as network_names
from inception_analyzer.passes import rewrite as rewrite
from inception_analyzer.spec import Network as Network
from inception_analyzer.spec import Shape as Shape
from inception_analyzer.version import VERSION as VERSION

__version__ = VERSION
