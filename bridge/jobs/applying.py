"""Videos on this computer divided by a correction that the store holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bridge.engines.base import Quiet, Run
from bridge.errors import BadOption, BridgeError
from bridge.frame import Notice
from bridge.guard import check_video
from bridge.io.factor import Factor, read_correction
from bridge.io.ser import open_ser
from bridge.store import Store
from bridge.store.errors import NotFound
from bridge.store.facts import Json
from bridge.videos import divide_file, is_divided


@dataclass(frozen=True, slots=True)
class Applying:
    """Which videos go where, and how.

    Parameters
    ----------
    correction
        The key of the result that holds it.
    paths, output
        SER files, and the folder that gets one of the same name for each.
    multiply, pedestal, depth
        As for `divide_file`.
    force
        Whether videos are changed in which the dust does not seem to be.
    asked
        Different for every request: files may have gone since the last one.
    """

    correction: str
    paths: tuple[Path, ...]
    output: Path
    asked: str
    multiply: bool = False
    pedestal: float = 0.0
    depth: int | None = None
    force: bool = False

    @property
    def how(self) -> dict[str, object]:
        """The options, JSON-ready."""
        return {
            "paths": [str(path) for path in self.paths],
            "output": str(self.output),
            "multiply": self.multiply,
            "pedestal": self.pedestal,
            "depth": self.depth,
            "force": self.force,
        }

    def carry_out(self, run: Run, store: Store) -> tuple[Json, tuple[Notice, ...]]:
        """Divide every video; return what became of each, and a notice if some failed.

        Raises
        ------
        NotFound
            If the store let the correction go.
        BridgeError
            If every video failed: the first one's reason.
        Cancelled
        """
        made = store.result(self.correction)
        if made is None or "correction" not in made.planes:
            raise NotFound("The bridge no longer holds this correction; make it again.")
        factor = read_correction(made.planes["correction"].path)
        files: list[Json] = []
        troubles: list[BridgeError] = []
        for number, path in enumerate(self.paths):
            run.check_cancelled()
            part = _Part(run, number, len(self.paths))
            try:
                files.append({"path": str(path), **self._one(path, factor, part)})
            except BridgeError as trouble:
                run.check_cancelled()
                files.append({"path": str(path), "problem": trouble.problem()})
                troubles.append(trouble)
        if len(troubles) == len(self.paths):
            raise troubles[0]
        if not troubles:
            return {"files": files}, ()
        text = f"{len(troubles)} of {len(self.paths)} videos failed; the others are done."
        return {"files": files}, (Notice("apply-failed", text, len(troubles)),)

    def _one(self, path: Path, factor: Factor, run: Run) -> dict[str, object]:
        target = self.output / path.name
        told: dict[str, object] = {"output": str(target)}
        if is_divided(target, factor.digest, multiply=self.multiply):
            return {**told, "done_before": True}
        if not self.force:
            check_video(
                path, factor.planes,
                digest=factor.digest, multiply=self.multiply, pedestal=self.pedestal,
            )  # fmt: skip
        counts = divide_file(
            path, factor.planes, target,
            digest=factor.digest, multiply=self.multiply, pedestal=self.pedestal,
            depth=self.depth, run=run,
        )  # fmt: skip
        return {**told, "saturated": counts.saturated, "clipped": counts.clipped}


def of_videos(
    correction: str, paths: Sequence[str], output: str, *, asked: str, **how: object
) -> Applying:
    """Return the work on videos that are opened and looked at first.

    Raises
    ------
    BadOption
        In the same words whatever is wrong with a path, so that nobody learns what else lies on
        this disk; if two videos have one name.
    """
    files = tuple(map(Path, paths))
    try:
        for path in (*paths, output):
            if not Path(path).is_absolute() or "\0" in path:
                raise BadOption("not a whole path")
        for file in files:
            open_ser(file)
        if not Path(output).is_dir():
            raise BadOption("no folder")
    except BridgeError:
        raise BadOption(
            "The member 'paths' must list whole paths of sound SER videos that FlatBridge may "
            "read, and 'output' be the whole path of a folder."
        ) from None
    if len({file.name.casefold() for file in files}) < len(files):
        raise BadOption("Two videos have the same name; correct them apart.")
    return Applying(correction, files, Path(output), asked, **how)  # type: ignore[arg-type]


class _Part(Quiet):
    """The run of one video among several."""

    def __init__(self, whole: Run, number: int, of: int) -> None:
        super().__init__(whole.seed)
        self._whole, self._number, self._of = whole, number, of

    def progress(self, stage: str, fraction: float) -> None:
        """Tell how far all of them are."""
        self._whole.progress(stage, (self._number + fraction) / self._of)

    def check_cancelled(self) -> None:
        """Stop if the whole is stopped."""
        self._whole.check_cancelled()
