import numpy as np
import pytest
from scipy.ndimage import label, maximum_filter

from bridge.numerics.boxes import (
    APART,
    EIGHT,
    clusters,
    depth,
    distance,
    grow,
    labelled,
    pieces,
    placed,
    shifted,
    within,
)
from tests.unit.planes import sealed

SHAPE = (37, 53)


def scattered(seed):
    return sealed(np.random.default_rng(seed).random(SHAPE) < 0.2, bool)


@pytest.mark.parametrize("seed", range(5))
def test_pieces_are_disjoint_tight_and_all_there_is(seed):
    flags = scattered(seed)
    count = np.zeros(SHAPE, int)
    for box, part in pieces(flags):
        assert part.shape == count[box].shape
        for edge in (part[0], part[-1], part[:, 0], part[:, -1]):
            assert edge.any()
        count[box] += part
    np.testing.assert_array_equal(count, flags)


@pytest.mark.parametrize("share", [0.002, 0.02, 0.2])
@pytest.mark.parametrize("seed", range(3))
def test_pieces_are_those_of_one_labelling_in_its_order(seed, share):
    flags = sealed(np.random.default_rng(seed).random((120, 90)) < share, bool)
    labels, count = label(flags, EIGHT)
    found = list(pieces(flags))
    assert len(found) == count
    for (box, part), (expected, whole) in zip(found, labelled(labels, count), strict=True):
        assert box == expected
        np.testing.assert_array_equal(part, whole)


@pytest.mark.parametrize("share", [0.0, 0.002, 0.2])
def test_clusters_lie_farther_apart_than_any_two_pixels_within_reach(share):
    flags = sealed(np.random.default_rng(7).random((121, 93)) < share, bool)
    owner = np.zeros(flags.shape, int)
    for number, (box, part) in enumerate(clusters(flags), start=1):
        assert not owner[box][part].any()
        owner[box][part] = number
    np.testing.assert_array_equal(owner > 0, flags)
    highest = maximum_filter(owner, 2 * APART + 1)
    lowest = -maximum_filter(np.where(flags, -owner, -(10**6)), 2 * APART + 1)
    assert (highest[flags] == owner[flags]).all()
    assert (lowest[flags] == owner[flags]).all()


def test_corners_connect():
    flags = sealed(np.eye(6), bool)
    assert len(list(pieces(flags))) == 1
    apart = np.zeros((6, 6), bool)
    apart[0, 0] = apart[2, 2] = True
    assert len(list(pieces(apart))) == 2


def test_nothing_has_no_pieces():
    assert list(pieces(sealed(np.zeros(SHAPE), bool))) == []


def test_labelled_pieces_keep_their_numbers():
    labels = np.zeros((4, 6), int)
    labels[0, 1:3], labels[2:, 5] = 2, 1
    boxes = [box for box, _ in labelled(labels, 2)]
    assert boxes == [(slice(2, 4), slice(5, 6)), (slice(0, 1), slice(1, 3))]


@pytest.mark.parametrize("margin", [0, 1, 5, 100])
def test_a_grown_box_stays_within_the_plane(margin):
    box = (slice(3, 9), slice(40, 53))
    rows, columns = grow(box, margin, SHAPE)
    assert rows == slice(max(0, 3 - margin), min(37, 9 + margin))
    assert columns == slice(max(0, 40 - margin), 53)


def test_windows_of_windows():
    plane = np.arange(37 * 53).reshape(SHAPE)
    outer, box = (slice(2, 30), slice(7, 50)), (slice(5, 9), slice(11, 12))
    inner = within(box, outer)
    np.testing.assert_array_equal(plane[outer][inner], plane[box])
    assert shifted(inner, outer) == box


def test_flags_placed_in_a_window_stay_where_they_were():
    outer = (slice(2, 30), slice(7, 50))
    for box, part in pieces(scattered(8)[10:20, 10:20]):
        moved = (
            slice(box[0].start + 10, box[0].stop + 10),
            slice(box[1].start + 10, box[1].stop + 10),
        )
        wide = placed(part, moved, outer)
        assert wide.shape == (28, 43)
        assert np.count_nonzero(wide) == np.count_nonzero(part)
        np.testing.assert_array_equal(wide[within(moved, outer)], part)


def test_distances_are_to_the_nearest_flag():
    flags = scattered(9) & (np.arange(53) > 20)
    at = np.argwhere(flags)
    y, x = np.mgrid[:37, :53]
    nearest = np.min([np.hypot(y - row, x - column) for row, column in at], axis=0)
    np.testing.assert_allclose(distance(sealed(flags, bool)), nearest, atol=1e-12)


def test_depths_end_at_the_border_or_go_on_beyond_it():
    flags = sealed(np.arange(5)[None, :] * np.ones((9, 1)) >= 2, bool)
    columns = [0, 0, 1, 2, 3]
    np.testing.assert_array_equal(depth(flags, beyond=True), np.broadcast_to(columns, (9, 5)))
    np.testing.assert_array_equal(depth(flags)[4], [0, 0, 1, 2, 1])
    np.testing.assert_array_equal(depth(flags)[0], [0, 0, 1, 1, 1])
