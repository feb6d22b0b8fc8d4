from rnnviz.app.show import show as show
from rnnviz.engine import Network as Network
from rnnviz.session import Run as Run
from rnnviz.session import RunConfig as RunConfig
from rnnviz.session import load as load
from rnnviz.trace import ModelSpec as ModelSpec
from rnnviz.trace import Trace as Trace
from rnnviz.trace import UserError as UserError
from rnnviz.trace import load_trace as load_trace
from rnnviz.trace import save_trace as save_trace

__version__: str
