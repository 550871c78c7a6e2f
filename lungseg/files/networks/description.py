"""The description of a network in a file: it names layers of Keras, or registered ones, and nothing that runs code."""

import json
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from lungseg.files.networks.refusing import MAKE_OWN, Refused, quoted

CONFIG = "config.json"
LARGEST_CONFIG = 20_000_000  # bytes; that of a U-Net has some 40,000

# Where networks, layers and what belongs to them come from; `keras.src...` is how Keras names some of them.
_MODULES = re.compile(
    r"keras(\.(layers|models|initializers|regularizers|constraints|dtype_policies|activations|ops|random))?"
    r"|keras\.src\.(models|layers|initializers|regularizers|constraints|dtype_policies|ops)(\.[a-z0-9_]+)*"
)
# Layers that networks of keras.applications have of their own.
_APPLICATIONS = {
    *("keras.src.applications.convnext.LayerScale", "keras.src.applications.convnext.StochasticDepth"),
    "keras.src.applications.inception_resnet_v2.CustomScaleLayer",
}
# Layers that run code, start another library, or read files that the description names.
_CODE = {"TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"}
_CODE |= {"StringLookup", "IntegerLookup", "IndexLookup", "TextVectorization", "FeatureSpace"}
_VALUES = {"__keras_tensor__", "__tensor__", "__numpy__", "__slice__", "__ellipsis__", "__bytes__"}
_NUMBERS = re.compile(r"bool|bfloat16|(u?int|float)(8|16|32|64)")
_FUNCTIONS = {"builtins", "keras.activations", "keras.ops", "keras.initializers"}


def read_config(archive: ZipFile) -> dict[str, Any]:
    """Return the description of the network, without that of loss and optimizer."""
    if archive.getinfo(CONFIG).file_size > LARGEST_CONFIG:
        raise Refused(f"expected {CONFIG} of at most {LARGEST_CONFIG:,} bytes. Received: more. {MAKE_OWN}")
    try:
        config = json.loads(archive.read(CONFIG))
    except RecursionError:
        raise Refused(f"expected a description of a network in {CONFIG}. Received: only brackets. {MAKE_OWN}") from None
    except ValueError:
        raise Refused(f"{CONFIG} in it is not JSON. Copy the file again") from None
    if not isinstance(config, dict) or not isinstance(config.get("class_name"), str):
        raise Refused(f"expected a description of a network in {CONFIG}. Received: something else. {MAKE_OWN}")
    return {**config, "compile_config": None}


def _parts(value: object) -> Iterator[dict[str, Any]]:
    """Yield each object of the description that names a class or a function, the outermost first."""
    waiting = [value]
    while waiting:  # and no recursion: brackets may be nested deeply
        value = waiting.pop()
        if isinstance(value, dict):
            if "class_name" in value:
                yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _names(part: dict[str, Any]) -> list[str]:
    """Return under which names Keras looks for a part among what is registered."""
    names = [part.get("class_name"), part.get("registered_name")]
    if part.get("class_name") == "function":
        names = [part.get("config"), part.get("registered_name")]
    return [name for name in names if isinstance(name, str)]


def registered(config: dict[str, Any]) -> dict[str, object]:
    """Return what this Python has registered of the names in the description."""
    import keras

    found = {name: keras.saving.get_registered_object(name) for part in _parts(config) for name in _names(part)}
    return {name: thing for name, thing in found.items() if thing is not None}


def check_config(config: dict[str, Any], known: dict[str, object]) -> None:
    """Refuse a description that names what is no part of a network, or runs code or reads files."""
    for part in _parts(config):
        kind, module = part["class_name"], part.get("module")
        if not isinstance(kind, str) or not isinstance(module, str | None):
            raise Refused(f"expected names of layers in {CONFIG}. Received: something else. {MAKE_OWN}")
        if kind in _VALUES:
            inner = part.get("config")
            if isinstance(inner, dict) and not _NUMBERS.fullmatch(str(inner.get("dtype", "float32"))):
                raise Refused(f"expected numbers in {CONFIG}. Received: {quoted(inner['dtype'])}. {MAKE_OWN}")
        elif kind == "function":
            name = part.get("config")
            if name not in known and module not in _FUNCTIONS:
                raise Refused(_foreign(f"{module}.{name}"))
        elif kind == "Lambda":
            inner = part.get("config")
            function = inner.get("function") if isinstance(inner, dict) else None
            if not isinstance(function, dict) or function.get("config") not in list(known):
                raise Refused(_code("Lambda"))
        elif kind in _CODE:
            raise Refused(_code(kind))
        elif f"{module}.{kind}" in _APPLICATIONS:
            continue
        elif not any(name in known for name in _names(part)) and module is not None and not _MODULES.fullmatch(module):
            raise Refused(_foreign(f"{module}.{kind}"))
        elif kind.startswith("__"):
            raise Refused(_code(kind))


def _code(kind: str) -> str:
    return (
        f"holds {quoted(kind)}, which can run code or read other files, so it is not loaded. "
        "If it is yours, write that part as a layer and register it (keras.saving.register_keras_serializable)"
    )


def _foreign(name: str) -> str:
    return (
        f"holds {quoted(name)}, which is no layer of Keras and is not registered here. "
        "If it is yours, register it (keras.saving.register_keras_serializable) and import it first"
    )
