"""The registry and the folder hold the same adapters, and each makes a Transport."""

import importlib
from pathlib import Path

import pytest

from wsconsolidate.runtime.adapters import registry
from wsconsolidate.runtime.adapters.registry import ADAPTERS, adapt
from wsconsolidate.runtime.adapters.transport import Transport

each = pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.framework)


def test_the_registry_lists_the_folder():
    names = [path.stem for path in Path(registry.__file__).parent.glob("*.py")]
    modules = [importlib.import_module(f"wsconsolidate.runtime.adapters.{name}") for name in names]
    fitting = {module.fits for module in modules if hasattr(module, "fits")}
    assert fitting == {adapter.fits for adapter in ADAPTERS}


@each
def test_an_adapter_makes_a_transport(adapter):
    required = Transport.__annotations__.keys() | {name for name in vars(Transport) if name[0] != "_"}
    assert {name for name in required if not hasattr(adapter.wrap, name)} == set()


@each
def test_an_adapter_leaves_others_alone(adapter):
    assert not adapter.fits(object())


def test_what_no_adapter_knows_is_refused_with_what_they_know():
    with pytest.raises(TypeError, match=r"int is no WebSocket of Starlette, FastAPI, .*: wrap it in"):
        adapt(1)
