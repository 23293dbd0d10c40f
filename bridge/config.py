"""What can be set, and where each value came from; the only reader of the environment.

Defaults < ``config.toml`` in the state folder < ``FLATBRIDGE_*`` variables < overrides.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bridge.errors import BadConfiguration
from bridge.settings import PREFIX, TABLE

HOME_VARIABLE: Final = PREFIX + "HOME"

BORROWED: Final = (
    ("gemini.base_url", "GOOGLE_GEMINI_BASE_URL"),
    ("gemini.key", "GOOGLE_API_KEY"),
    ("gemini.key", "GEMINI_API_KEY"),
)
"""Settings that the service's own variables may give, in the environment or a ``.env`` file of the
working or the state folder; a later one counts more."""


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
    gemini_key: str
    gemini_image_model: str
    gemini_vision_model: str
    gemini_route: str
    gemini_image_size: str
    gemini_overlap: int
    gemini_fallback: bool
    gemini_max_calls: int
    gemini_max_cost: float
    gemini_timeout: float
    gemini_base_url: str
    gemini_api_version: str
    gemini_vertexai: bool
    sources: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> list[tuple[str, str, str]]:
        """Return (name, value, source) for every setting, secrets as ``***``."""
        rows = [("home", str(self.home), self.sources.get("home", "default"))]
        for setting in TABLE:
            value = str(getattr(self, setting.field))
            shown = "***" if setting.secret and value else value
            rows.append((setting.name, shown, self.sources.get(setting.name, "default")))
        return rows


def forget_offered_socket() -> None:
    """Forget that whoever started this process may have left a socket open for it (systemd)."""
    os.environ.pop("LISTEN_PID", None)


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
    borrowed = _borrowed(variables, (Path.cwd() / ".env", home / ".env"))
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    values: dict[str, object] = {setting.name: setting.default for setting in TABLE}
    sources = dict.fromkeys(values, "default")
    layers = (
        (str(file), _from_file(file)),
        *borrowed,
        ("environment", _from_environment(variables)),
        ("command line", given),
    )
    for source, layer in layers:
        for name, value in layer.items():
            values[name] = _convert(name, value, source)
            sources[name] = source
    sources["home"] = HOME_VARIABLE if variables.get(HOME_VARIABLE) else "default"
    by_field = {setting.field: values[setting.name] for setting in TABLE}
    return Settings(home=home, sources=MappingProxyType(sources), **by_field)  # type: ignore[arg-type]


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


def _borrowed(
    variables: Mapping[str, str], files: tuple[Path, ...]
) -> list[tuple[str, dict[str, object]]]:
    """Return what the service's own variables say, the least binding first."""
    sources: list[tuple[str, Mapping[str, str]]] = [(str(file), _dotenv(file)) for file in files]
    sources.insert(0, ("environment", variables))
    found: list[tuple[str, dict[str, object]]] = []
    for source, values in reversed(sources):
        for name, known in BORROWED:
            if values.get(known, "").strip():
                shown = known if source == "environment" else source
                found.append((shown, {name: values[known].strip()}))
    return found


def _dotenv(path: Path) -> dict[str, str]:
    """Return the ``NAME=value`` lines of a file; nothing if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    lines = re.finditer(
        r"^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*(.*?)[ \t]*$", text, re.MULTILINE
    )
    return {found[1]: found[2].strip("\"'") for found in lines}


def _from_file(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as stream:
            return _flattened(tomllib.load(stream))
    except FileNotFoundError:
        return {}
    except OSError as trouble:
        raise BadConfiguration(f"{path} cannot be read: {trouble.strerror or trouble}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise BadConfiguration(f"{path} cannot be read: {trouble}.") from None


def _flattened(tables: Mapping[str, object]) -> dict[str, object]:
    """Return the keys of tables as ``table.key``."""
    flat: dict[str, object] = {}
    for name, value in tables.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            flat[name] = value
    return flat


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
