"""What a median is made of: a video on this computer, or images that the store holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bridge.engines.base import Run
from bridge.errors import BadOption, BridgeError, FileTrouble
from bridge.frame import Frame
from bridge.io.fits_out import Cards
from bridge.io.ser import SerVideo, open_ser
from bridge.jobs.errors import UnknownFrame
from bridge.median import median_of, median_of_files
from bridge.numerics.median import ESTIMATORS
from bridge.store import Facts, Store


@dataclass(frozen=True, slots=True)
class Stack:
    """The frames of a median, and how it is taken.

    Parameters
    ----------
    path, stamp
        A video, and by what its file is known again; None and empty for ``frames``.
    frames
        Images in the store; none for a video.
    estimator, byte_order, normalize
        As for `median_of`, `open_ser` and `median_of_files`.
    """

    path: Path | None = None
    stamp: tuple[int, ...] = ()
    frames: tuple[Facts, ...] = ()
    estimator: str = "median"
    byte_order: str = "auto"
    normalize: bool = False

    @property
    def how(self) -> dict[str, object]:
        """The options, JSON-ready."""
        last: dict[str, object] = (
            {"byte_order": self.byte_order} if self.path else {"normalize": self.normalize}
        )
        return {"estimator": self.estimator, **last}

    @property
    def recorded(self) -> dict[str, object]:
        """All that the median depends on, JSON-ready; a video counts by its file's facts."""
        frames = [[one.pixels, one.sample_format, one.full_scale] for one in self.frames]
        return {"path": str(self.path or ""), "stamp": self.stamp, "frames": frames, **self.how}

    @contextmanager
    def held(self, store: Store) -> Iterator[None]:
        """Keep the images from eviction."""
        with ExitStack() as all_held:
            for one in self.frames:
                all_held.enter_context(store.hold("frame", one.id))
            yield

    def median(self, run: Run, store: Store) -> tuple[Frame, int, Cards]:
        """Return the median, of how many frames it is, and what a video's header tells.

        Raises
        ------
        FileTrouble
            If the video is another than when it was asked for.
        UnknownFrame
            If the store let an image go.
        BadOption, UnreadableImage, UnsupportedFrame, Cancelled
        """
        if self.path is None:
            paths = [self._path(one, store) for one in self.frames]
            frame = median_of_files(
                paths, estimator=self.estimator, normalize=self.normalize, run=run
            )
            return frame, len(paths), {}
        video = self._same(self.path)
        frame = median_of(video, estimator=self.estimator, run=run)
        self._same(self.path)
        return frame, video.frames, video.header.cards()

    def _same(self, path: Path) -> SerVideo:
        video = open_ser(path, self.byte_order)
        if video.stamp != self.stamp:
            raise FileTrouble(f"{path.name} has changed since its median was asked for; ask again.")
        return video

    def _path(self, facts: Facts, store: Store) -> Path:
        found = store.frame(facts.id)
        if found is None:
            raise UnknownFrame("A frame is no longer in the store; send it again.")
        return found[1]


def of_video(path: str, *, estimator: str, byte_order: str) -> Stack:
    """Return the frames of the video at ``path``, which is opened and looked at.

    Raises
    ------
    BadOption
        In the same words whatever the reason, so that nobody learns what else lies on this disk.
    """
    _check(estimator)
    file = Path(path)
    try:
        if not file.is_absolute() or "\0" in path:
            raise BadOption("not a whole path")
        video = open_ser(file, byte_order)
    except BridgeError:
        raise BadOption(
            "The member 'path' must be the whole path of a sound SER video that FlatBridge may "
            "read, and 'byte_order' one of auto, little, big."
        ) from None
    return Stack(file, video.stamp, (), estimator, byte_order)


def of_frames(frames: tuple[Facts, ...], *, estimator: str, normalize: bool) -> Stack:
    """Return frames of one geometry and format as a stack; raise `BadOption` if they are not."""
    _check(estimator)
    kinds = {(one.width, one.height, one.channels, one.sample_format) for one in frames}
    if len(kinds) != 1:
        raise BadOption("A median needs images of one size, color and sample format.")
    return Stack(frames=frames, estimator=estimator, normalize=normalize)


def _check(estimator: str) -> None:
    if estimator not in ESTIMATORS:
        raise BadOption(f"The estimator must be one of {', '.join(ESTIMATORS)}.")
