"""Writing files so that each appears whole, or not at all, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bridge.errors import FileTrouble


def write_file(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write ``data`` to ``path`` by way of a temporary file beside it; make missing folders.

    Raises
    ------
    FileTrouble
        If ``path`` exists and ``force`` is not set, or cannot be written.
    """
    check_free([path], force=force)
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with telling(path):
        try:
            _write(temporary, data)
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def write_files(
    folder: Path,
    files: Iterable[tuple[str, bytes]],
    *,
    force: bool = False,
    replaces: Iterable[str] = (),
) -> None:
    """Write every (name, bytes) into ``folder``: all of them appear, or none.

    With ``force``, files named by ``replaces`` that are not written go away with those replaced.

    Raises
    ------
    FileTrouble
        If one exists and ``force`` is not set, or one cannot be written. Also whatever making the
        bytes raises; in each case the folder is as it was.
    """
    existed = folder.is_dir()
    made = make_folder(folder)
    stage = folder / f".flatbridge-{secrets.token_hex(8)}"
    try:
        with telling(folder):
            stage.mkdir()
        names = []
        for name, data in files:
            with telling(folder / name):
                _write(stage / name, data)
            names.append(name)
        check_free([folder / name for name in names], force=force)
        with telling(folder):
            _move_all(stage, folder, names, set(replaces) - set(names) if force else set())
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        if not existed:
            for path in made:
                with contextlib.suppress(OSError):
                    path.rmdir()
        raise
    shutil.rmtree(stage, ignore_errors=True)


def check_free(paths: Iterable[Path], *, force: bool = False, inputs: Sequence[Path] = ()) -> None:
    """Check that ``paths`` may be written.

    Raises
    ------
    FileTrouble
        If one is an input (even with ``force``), exists (without ``force``), is a folder, or lies
        beneath a regular file.
    """
    taken = []
    for path in paths:
        for parent in path.parents:
            if parent.exists():
                if not parent.is_dir():
                    raise FileTrouble(f"{parent} is a file, not a folder.")
                break
        if path.is_dir():
            raise FileTrouble(f"{path} cannot be written: it is a folder.")
        if not path.exists():
            continue
        if any(source.exists() and path.samefile(source) for source in inputs):
            raise FileTrouble(
                f"{path} is an input and is never overwritten; choose another folder."
            )
        taken.append(path)
    if len(taken) == 1 and not force:
        raise FileTrouble(f"{taken[0]} exists already; use --force to overwrite it.")
    if taken and not force:
        raise FileTrouble(
            f"{taken[0]} exists already, and {len(taken) - 1:,} more in {taken[0].parent}; "
            "use --force to overwrite them."
        )


def make_folder(folder: Path) -> list[Path]:
    """Make a folder and what is missing above it; return the folders made, deepest first.

    Raises
    ------
    FileTrouble
        If a file is in the way, or the folder cannot be made.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for parent in (folder, *folder.parents):
        if parent.is_file():
            raise FileTrouble(f"{folder} cannot be made: {parent} is a file, not a folder.")
    with telling(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return missing


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a new folder for large files that goes away when the block ends.

    Raises
    ------
    FileTrouble
        If there can be none.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix="flatbridge-")
    except OSError as trouble:
        reason = trouble.strerror or trouble
        raise FileTrouble(f"There can be no folder for temporary files: {reason}.") from None
    with folder as name:
        yield Path(name)


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn what the operating system says while ``path`` is written into a `FileTrouble`."""
    try:
        yield
    except OSError as trouble:
        reason = trouble.strerror or str(trouble)
        raise FileTrouble(f"{path} cannot be written: {reason}.") from trouble


def _move_all(stage: Path, folder: Path, names: list[str], stale: set[str]) -> None:
    """Move each file into place, what is stale out of it; on any failure put all back."""
    kept = stage / "replaced"
    kept.mkdir()
    moved: list[str] = []
    try:
        for name in [*names, *stale]:
            moved.append(name)
            if (folder / name).exists():
                os.replace(folder / name, kept / name)
            if name not in stale:
                os.replace(stage / name, folder / name)
    except BaseException:
        for name in moved:
            if (kept / name).exists():
                os.replace(kept / name, folder / name)
            elif name not in stale and not (stage / name).exists():
                (folder / name).unlink(missing_ok=True)
        raise


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
