"""What can be set, and where each value came from; the only reader of the environment.

Defaults < ``config.toml`` in the state folder < ``FLATBRIDGE_*`` variables < overrides.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bridge.errors import BadConfiguration

PREFIX: Final = "FLATBRIDGE_"
HOME_VARIABLE: Final = PREFIX + "HOME"
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
UNITS: Final = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
                "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}  # fmt: skip


def size(value: object) -> int:
    """Return a number of bytes from a whole number or a text such as ``2 GB`` or ``4 MiB``.

    Raises
    ------
    ValueError
        Saying what is allowed.
    """
    words = 'a size such as 4194304, "4 MiB" or "2 GB"'
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(words)
    match = re.fullmatch(r"([0-9]{1,18})(\.[0-9]{1,6})?\s*([A-Za-z]*)", str(value).strip())
    unit = UNITS.get(match[3].upper()) if match else None
    if match is None or unit is None:
        raise ValueError(words)
    number = int(float(match[1] + match[2]) * unit) if match[2] else int(match[1]) * unit
    if number < 1:
        raise ValueError(words)
    return number


def whole(low: int, high: int) -> Callable[[object], int]:
    """Return a converter to a whole number from ``low`` to ``high``."""

    def convert(value: object) -> int:
        text = str(value).strip()
        fits = not isinstance(value, bool) and re.fullmatch("[0-9]{1,18}", text)
        if not fits or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return convert


def choice(*allowed: str) -> Callable[[object], str]:
    """Return a converter that takes one of ``allowed``."""

    def convert(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(" or ".join(allowed))
        return value

    return convert


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table: its name, default, converter, the words that explain it."""

    name: str
    default: object
    convert: Callable[[object], object]
    help: str
    secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper()


TABLE: Final = (
    Setting("host", "127.0.0.1", choice(*LOOPBACK), "The address to listen on; this machine only."),
    Setting("port", 7625, whole(0, 65535), "The port to listen on; 0 takes any free one."),
    Setting("frame_bytes", 2 * 2**30, size, "The largest image that is taken."),
    Setting("chunk_bytes", 4 * 2**20, size, "The largest piece of an image sent in pieces."),
    Setting("store_bytes", 20 * 10**9, size, "What the store keeps; the oldest unused goes first."),
    Setting("queue_length", 32, whole(1, 10_000), "How many jobs may wait."),
    Setting("log_level", "INFO", choice(*LOG_LEVELS), "How much the log tells."),
)
"""Everything that can be set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings in force; ``sources`` says for each where its value came from."""

    home: Path
    host: str
    port: int
    frame_bytes: int
    chunk_bytes: int
    store_bytes: int
    queue_length: int
    log_level: str
    sources: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> list[tuple[str, str, str]]:
        """Return (name, value, source) for every setting, secrets as ``***``."""
        rows = [("home", str(self.home), self.sources.get("home", "default"))]
        for setting in TABLE:
            value = str(getattr(self, setting.name))
            shown = "***" if setting.secret and value else value
            rows.append((setting.name, shown, self.sources.get(setting.name, "default")))
        return rows


def state_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the state folder: ``FLATBRIDGE_HOME``, or ``.flatbridge`` in the home folder."""
    given = (os.environ if environ is None else environ).get(HOME_VARIABLE)
    return Path(given).expanduser().absolute() if given else Path.home() / ".flatbridge"


def load(
    overrides: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings in force.

    Parameters
    ----------
    overrides
        Values from the command line by name; None stands for "not given".
    environ
        The environment to read instead of the process's own.

    Raises
    ------
    BadConfiguration
        For an unknown key or a value that does not fit, naming it and where it stands.
    """
    variables = os.environ if environ is None else environ
    home = state_folder(variables)
    file = home / "config.toml"
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    values: dict[str, object] = {setting.name: setting.default for setting in TABLE}
    sources = dict.fromkeys(values, "default")
    layers = (
        (str(file), _from_file(file)),
        ("environment", _from_environment(variables)),
        ("command line", given),
    )
    for source, layer in layers:
        for name, value in layer.items():
            values[name] = _convert(name, value, source)
            sources[name] = source
    sources["home"] = HOME_VARIABLE if variables.get(HOME_VARIABLE) else "default"
    return Settings(home=home, sources=MappingProxyType(sources), **values)  # type: ignore[arg-type]


def _convert(name: str, value: object, source: str) -> object:
    setting = next((known for known in TABLE if known.name == name), None)
    if setting is None:
        names = ", ".join(known.name for known in TABLE)
        raise BadConfiguration(f"There is no setting {name!r} ({source}); there are {names}.")
    try:
        return setting.convert(value)
    except ValueError as trouble:
        shown = "***" if setting.secret else repr(value)
        named = setting.variable if source == "environment" else name
        raise BadConfiguration(
            f"The setting {named} is {shown} ({source}), but must be {trouble}."
        ) from None


def _from_file(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError:
        return {}
    except OSError as trouble:
        raise BadConfiguration(f"{path} cannot be read: {trouble.strerror or trouble}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise BadConfiguration(f"{path} cannot be read: {trouble}.") from None


def _from_environment(variables: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    known = {setting.variable: setting.name for setting in TABLE}
    for variable, value in variables.items():
        if variable.startswith(PREFIX) and variable != HOME_VARIABLE:
            if variable not in known:
                raise BadConfiguration(
                    f"There is no setting for the environment variable {variable}; "
                    f"known are {', '.join(sorted(known))}."
                )
            found[known[variable]] = value
    return found
