"""Images and videos on this computer changed by a correction that the store holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bridge.engines.base import Run
from bridge.errors import BadOption, BridgeError
from bridge.frame import Notice
from bridge.guard import Answer
from bridge.io import check_free
from bridge.io.cards import Value
from bridge.io.factor import read_correction
from bridge.io.ser import is_ser, open_ser
from bridge.io.setups import setup_of
from bridge.io.source import begins_as_image, read_bytes
from bridge.jobs.steps import Part
from bridge.report import words
from bridge.store import Store
from bridge.store.errors import NotFound
from bridge.store.facts import Json
from bridge.targets import Change, apply_to_frame, apply_to_video, asked, change_by, is_done


@dataclass(frozen=True, slots=True)
class Manner:
    """How images and videos are changed; see `change_by`."""

    multiply: bool = False
    pedestal: str = "auto"
    offset: tuple[int, int] = (0, 0)
    bin: int = 1
    depth: int | None = None
    force: bool = False
    hdu: int | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Applying:
    """Which files go where, and how.

    Parameters
    ----------
    correction
        The key of the result that holds it.
    flat
        The frame that it was made of; its keywords are compared with the images'.
    paths, output
        FITS, TIFF, XISF and SER files, and the folder that gets one of the same name for each.
    manner
        How.
    asked
        Different for every request: files may have gone since the last one.
    """

    correction: str
    flat: str | None
    paths: tuple[Path, ...]
    output: Path
    manner: Manner
    asked: str

    @property
    def how(self) -> dict[str, object]:
        """The options, JSON-ready."""
        return {
            "paths": [str(path) for path in self.paths],
            "output": str(self.output),
            **{name: getattr(self.manner, name) for name in Manner.__slots__},
        }

    def carry_out(self, run: Run, store: Store) -> tuple[Json, tuple[Notice, ...]]:
        """Change every file; return what became of each, and what to be told of.

        Raises
        ------
        NotFound
            If the store let the correction go.
        TargetRefused
            If the dust is not in the images; nothing is changed.
        BridgeError
            If every file failed: the first one's reason.
        Cancelled
        """
        change = self._change(store)
        before = {path for path in self.paths if is_done(self.output / path.name, change)}
        run.progress("measure", 0.0)
        change, answer = asked([path for path in self.paths if path not in before], change)
        files: list[Json] = []
        troubles: list[BridgeError] = []
        for number, path in enumerate(self.paths):
            run.check_cancelled()
            target = self.output / path.name
            told: Json = {"path": str(path), "output": str(target)}
            try:
                if path in before:
                    files.append({**told, "done_before": True})
                    continue
                part = Part(run, number, len(self.paths))
                files.append({**told, **self._one(path, target, change, part)})
            except BridgeError as trouble:
                run.check_cancelled()
                files.append({"path": str(path), "problem": trouble.problem()})
                troubles.append(trouble)
        if len(troubles) == len(self.paths):
            raise troubles[0]
        made: Json = {"files": files, "direction": change.verb, **_measured(answer)}
        if not troubles:
            return made, ()
        text = words.failures(len(troubles), len(self.paths), "file")
        return made, (Notice("apply-failed", text, len(troubles)),)

    def _change(self, store: Store) -> Change:
        made = store.result(self.correction)
        if made is None or "correction" not in made.planes:
            raise NotFound("The bridge no longer holds this correction; make it again.")
        flat = store.frame(self.flat) if self.flat else None
        setup: Mapping[str, Value] = setup_of(read_bytes(flat[1]), "The flat") if flat else {}
        manner = self.manner
        return change_by(
            read_correction(made.planes["correction"].path),
            setup=setup, multiply=manner.multiply, pedestal=manner.pedestal, offset=manner.offset,
            bin=manner.bin, depth=manner.depth, force=manner.force, hdu=manner.hdu,
            sure=manner.sure,
        )  # fmt: skip

    def _one(self, path: Path, target: Path, change: Change, run: Run) -> dict[str, int]:
        check_free([target], inputs=self.paths)
        if is_ser(path):
            counts = apply_to_video(path, target, change, run)
        else:
            counts = apply_to_frame(path, target, change)
            run.progress("apply", 1.0)
        return {"saturated": counts.saturated, "clipped": counts.clipped}


def _measured(answer: Answer | None) -> Json:
    """Return what the dust fit said: in words, and where it was not overruled, in figures."""
    if answer is None:
        return {}
    fit = {"k": answer.k, "k_error": answer.error, "verdict": answer.verdict}
    return {"measured": answer.words, **({"fit": fit} if answer.verdict else {})}


def of_files(
    correction: str,
    flat: str | None,
    paths: Sequence[str],
    output: str,
    manner: Manner,
    *,
    asked: str,
) -> Applying:
    """Return the work on files that are looked at first; see `Applying`.

    Raises
    ------
    BadOption
        In the same words whatever is wrong with a path, so that nobody learns what else lies on
        this disk; if two files have one name.
    """
    files = tuple(map(Path, paths))
    try:
        for path in (*paths, output):
            if not Path(path).is_absolute() or "\0" in path:
                raise BadOption("not a whole path")
        for file in files:
            if is_ser(file):
                open_ser(file)
            elif not begins_as_image(file):
                raise BadOption("no image")
        if not Path(output).is_dir():
            raise BadOption("no folder")
    except BridgeError:
        raise BadOption(
            "The member 'paths' must list whole paths of FITS, TIFF or XISF images and sound SER "
            "videos that FlatBridge may read, and 'output' be the whole path of a folder."
        ) from None
    if len({file.name.casefold() for file in files}) < len(files):
        raise BadOption("Two files have the same name; correct them apart.")
    return Applying(correction, flat, files, Path(output), manner, asked)
