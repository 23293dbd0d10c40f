"""``flatbridge install-script``: the PixInsight script in a folder that PixInsight can be shown."""

from __future__ import annotations

import argparse
import secrets
import shutil
import sysconfig
from pathlib import Path
from typing import Final

import bridge
from bridge import config
from bridge.cli.terminal import say
from bridge.errors import FileTrouble
from bridge.serve import write_launch_file
from bridge.store.files import private_folder

ENTRY: Final = "FlatBridge.js"
"""The file that makes a folder the script's."""

_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", ".*")


def run(given: argparse.Namespace) -> int:
    """Copy the script, and leave word how it starts the bridge; return 0.

    Raises
    ------
    BridgeError
    """
    target: Path = (given.folder or usual_folder()).expanduser().absolute()
    install(script_source(), target)
    write_launch_file(private_folder(config.load().home))
    say(f"The script is in {target}")
    say("In PixInsight, once: Script > Feature Scripts... > Add, choose that folder, Done.")
    say("From then on: Script > Utilities > FlatBridge.")
    return 0


def usual_folder() -> Path:
    """Return where the script goes unless another folder is named."""
    return config.load().home / "pixinsight"


def script_source() -> Path:
    """Return the folder of the script that came with this program.

    Raises
    ------
    FileTrouble
        If it did not come with it.
    """
    beside = Path(bridge.__file__).resolve().parents[1] / "pjsr"
    installed = Path(sysconfig.get_path("data")) / "share" / "flatbridge" / "pjsr"
    for folder in (beside, installed):
        if (folder / ENTRY).is_file():
            return folder
    raise FileTrouble(f"{installed} does not hold the script; install FlatBridge anew.")


def install(source: Path, target: Path) -> None:
    """Put a copy of ``source`` in the place of ``target``: all of it, or nothing changes.

    Raises
    ------
    FileTrouble
        If something else than an earlier copy is there, or nothing can be written there.
    """
    ours = (target / ENTRY).is_file()
    empty = target.is_dir() and not any(target.iterdir())
    if target.exists() and not (ours or empty):
        raise FileTrouble(f"{target} is not empty and not the script's; name another folder.")
    if target.exists() and target.samefile(source):
        raise FileTrouble(f"{target} is the script itself; name another folder.")
    mark = secrets.token_hex(8)
    fresh, old = (target.with_name(f".{target.name}.{what}-{mark}") for what in ("new", "old"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, fresh, ignore=_LEFT_OUT)
        if target.exists():
            target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    except shutil.Error as troubles:  # one for each file: the first says enough
        raise FileTrouble(f"{target} cannot be written: {troubles.args[0][0][2]}.") from troubles
    except OSError as trouble:
        reason = trouble.strerror or str(trouble)
        raise FileTrouble(f"{target} cannot be written: {reason}.") from trouble
    finally:
        for left in (fresh, old):
            shutil.rmtree(left, ignore_errors=True)
