"""``flatbridge apply`` from files to files."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from astropy.io import fits

from bridge.io import fits_bytes
from bridge.io.rewrite import read_recording
from tests.e2e.cli_support import FlatBridge, dust, dusty, tree, write
from tests.xisf_files import written


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def factor_planes(channels: int = 1) -> np.ndarray:
    return np.repeat(dust(), channels, axis=0)


@pytest.fixture
def correction(tmp_path):
    path = tmp_path / "factor" / "correction.fits"
    path.parent.mkdir()
    path.write_bytes(fits_bytes(factor_planes() / np.float32(2), cards={"FBSCALE": 2.0}))
    return path


def test_frames_are_divided_in_their_own_form(flatbridge, tmp_path, correction):
    sky = dusty()
    whole = write(tmp_path / "whole.fits", sky[::-1], ROWORDER="BOTTOM-UP", OBJECT="M 31")
    real = write(tmp_path / "real.fits", sky.astype(np.float32) / 65535)
    tifffile.imwrite(tmp_path / "picture.tif", sky)
    out = tmp_path / "out"
    done = flatbridge("apply", correction, whole, real, tmp_path / "picture.tif", "-o", out)
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) == 1 + 3
    assert done.out.startswith("3 frames: matches (k = ")
    factor = factor_planes()[0]
    expected = np.rint(sky / factor.astype(np.float64)).astype(np.uint16)
    turned = expected[::-1]
    with fits.open(out / "whole.fits") as hdus:
        np.testing.assert_array_equal(hdus[0].data, turned)
        assert hdus[0].data.dtype == np.uint16
        header = hdus[0].header
        assert (header["ROWORDER"], header["OBJECT"]) == ("BOTTOM-UP", "M 31")
        assert len(header["FBCORR"]) == 64
        assert "divided by the dust factor" in str(header["HISTORY"])
        assert "k = " in str(header["HISTORY"])
    recorded = sky.astype(np.float32) / 65535
    np.testing.assert_array_equal(fits.getdata(out / "real.fits"), recorded / factor)
    np.testing.assert_array_equal(tifffile.imread(out / "picture.tif"), expected)


def test_a_page_tells_direction_fit_and_what_became_of_each(flatbridge, tmp_path, correction):
    frames = [write(tmp_path / f"{name}.fits", dusty(seed=name)) for name in range(2)]
    bad = tmp_path / "<bad>.fits"
    bad.write_bytes(frames[0].read_bytes()[:5000])
    page = tmp_path / "night.html"
    command = "apply", correction, *frames, bad, "-o", tmp_path / "out", "--report", page
    done = flatbridge(*command)
    assert done.code == 1
    assert f"Report: {page}" in done.out
    text = page.read_text(encoding="utf-8")
    assert "<h1>2 of 3 files divided by the dust factor</h1>" in text
    assert "Direction: divided, which takes out the dust that is in the images." in text
    assert "Dust fit, 2 of 3 frames: matches (k = 1.0" in text
    assert "this dust is in the image; divide it out." in text
    assert "&lt;bad&gt;.fits is cut short" in text
    assert "<bad>" not in text
    before = tree(tmp_path)
    assert "exists already" in flatbridge.refuses(*command)
    assert tree(tmp_path) == before

    back = flatbridge("apply", correction, tmp_path / "out" / "0.fits", "--multiply", "--force",
                      "-o", tmp_path / "back", "--report", page)  # fmt: skip
    assert back.code == 0, back.err
    text = page.read_text(encoding="utf-8")
    assert "<h1>1 file multiplied by the dust factor</h1>" in text
    assert "Direction: multiplied, which takes out again" in text


@pytest.mark.parametrize("codec", [None, "zlib"])
def test_xisf_images_come_back_as_such_and_only_once(flatbridge, tmp_path, correction, codec):
    told = {"FITSKeywords": {"FILTER": [{"value": "'Ha'", "comment": "a narrow one"}]}}
    light = tmp_path / "light.xisf"
    written(light, dusty()[None], codec=codec, image_metadata=told)
    out = tmp_path / "out"
    done = flatbridge("apply", correction, light, "-o", out)
    assert (done.code, done.err) == (0, "")
    assert "matches (k = " in done.out
    divided = read_recording(out / "light.xisf")
    expected = np.rint(dusty() / factor_planes()[0].astype(np.float64))
    np.testing.assert_array_equal(divided.values[0], expected)
    assert divided.keywords["FILTER"] == "Ha"
    assert "divided by the dust factor" in divided.history.replace("\n", " ")
    assert "done already" in flatbridge("apply", correction, light, "-o", out).out
    again = "apply", correction, out / "light.xisf", "-o", tmp_path / "again"
    assert "divided by this correction already" in flatbridge.refuses(*again)


def test_an_xisf_image_tells_of_another_filter_and_of_its_registration(
    flatbridge, tmp_path, correction
):
    fits.setval(correction, "FILTER", value="Ha")
    for name, told, said in (
        ("FILTER", {"value": "'OIII'", "comment": ""}, "another filter"),
        ("HISTORY", {"value": "", "comment": "by StarAlignment"}, "was registered"),
    ):
        light = tmp_path / f"{name}.xisf"
        written(light, dusty()[None], image_metadata={"FITSKeywords": {name: [told]}})
        done = flatbridge("apply", correction, light, "-o", tmp_path / "out")
        assert (done.code, said in done.err) == (1, True)


def test_dividing_a_flat_by_its_own_correction_gives_the_clean_flat(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty())
    made = tmp_path / "made"
    flatbridge("correct", flat, "-o", made)
    assert flatbridge("apply", made / "correction.fits", flat, "-o", tmp_path / "out").code == 0
    clean = np.rint(fits.getdata(made / "clean_flat.fits") * np.float64(65535))
    off = fits.getdata(tmp_path / "out" / "flat.fits") - clean
    assert abs(off).max() <= 1


def test_saturated_pixels_stay_and_clipped_ones_are_told(flatbridge, tmp_path, correction):
    sky = np.rint(30000 * factor_planes()[0]).astype(np.uint16)
    sky[60, 61:63] = 65535, 60000
    frame = write(tmp_path / "a.fits", sky)
    done = flatbridge("apply", correction, frame, "-o", tmp_path / "out")
    assert "1 saturated pixel" in done.out
    assert "1 pixel clipped" in done.out
    assert fits.getdata(tmp_path / "out" / "a.fits")[60, 61:63].tolist() == [65535, 65535]


def test_the_same_correction_is_never_applied_twice_even_by_force(flatbridge, tmp_path, correction):
    frame = write(tmp_path / "a.fits", dusty())
    tifffile.imwrite(tmp_path / "b.tif", dusty())
    out, again = tmp_path / "out", tmp_path / "again"
    flatbridge("apply", correction, frame, tmp_path / "b.tif", "-o", out)
    for name in ("a.fits", "b.tif"):
        said = flatbridge.refuses("apply", correction, out / name, "-o", again, "--force")
        assert f"{name} has been divided by this correction already" in said
    assert not again.exists()


@pytest.mark.parametrize("shape", [(149, 200), (200, 150), (3, 150, 200)])
def test_a_frame_of_another_geometry_is_refused(flatbridge, tmp_path, correction, shape):
    frame = write(tmp_path / "a.fits", np.ones(shape, np.uint16))
    said = flatbridge.refuses("apply", correction, frame, "-o", tmp_path / "out")
    assert "a.fits is" in said
    assert "200 x 150 gray" in said
    assert not (tmp_path / "out").exists()


def test_a_color_factor_is_never_used_on_gray(flatbridge, tmp_path):
    path = tmp_path / "correction.fits"
    path.write_bytes(fits_bytes(factor_planes(3) / np.float32(2), cards={"FBSCALE": 2.0}))
    frame = write(tmp_path / "a.fits", dusty())
    assert "200 x 150 RGB" in flatbridge.refuses("apply", path, frame, "-o", tmp_path / "out")


def test_a_correction_without_its_scale_is_refused(flatbridge, tmp_path):
    path = write(tmp_path / "correction.fits", factor_planes()[0] / np.float32(2))
    frame = write(tmp_path / "a.fits", dusty())
    assert "FBSCALE" in flatbridge.refuses("apply", path, frame, "-o", tmp_path / "out")


def test_one_bad_frame_does_not_stop_the_others(flatbridge, tmp_path, correction):
    (tmp_path / "bad.fits").write_bytes(b"")
    good = write(tmp_path / "good.fits", dusty())
    done = flatbridge("apply", correction, tmp_path / "bad.fits", good, "-o", tmp_path / "out")
    assert done.code == 1
    assert done.err.splitlines()[0] == "flatbridge: bad.fits is empty."
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.fits"]
    said = "flatbridge: 1 of 2 files failed; the others are done."
    assert done.err.splitlines()[1:] == [said]
    again = flatbridge("apply", correction, tmp_path / "bad.fits", good, "-o", tmp_path / "out")
    assert (again.code, again.err.splitlines()[1:]) == (1, [said])


def test_inputs_are_never_overwritten_and_outputs_need_force(flatbridge, tmp_path, correction):
    frame = write(tmp_path / "a.fits", dusty())
    before = tree(tmp_path)
    said = flatbridge.refuses("apply", correction, frame, "-o", tmp_path, "--force")
    assert "is an input" in said
    assert tree(tmp_path) == before
    out = tmp_path / "out"
    assert flatbridge("apply", correction, frame, "-o", out).code == 0
    (out / "a.fits").unlink()
    other = write(out / "a.fits", dusty(seed=1))
    held = other.read_bytes()
    assert "exists already" in flatbridge.refuses("apply", correction, frame, "-o", out)
    assert other.read_bytes() == held
    assert flatbridge("apply", correction, frame, "-o", out, "--force").code == 0
    assert other.read_bytes() != held


def test_what_an_earlier_run_did_is_not_done_again(flatbridge, tmp_path, correction):
    frames = [write(tmp_path / f"{name}.fits", dusty(seed=name)) for name in range(3)]
    out = tmp_path / "out"
    assert flatbridge("apply", correction, *frames[:2], "-o", out).code == 0
    before = tree(out)
    times = [(out / f"{name}.fits").stat().st_mtime_ns for name in range(2)]
    done = flatbridge("apply", correction, *frames, "-o", out)
    assert (done.code, done.err) == (0, "")
    assert done.out.count("is done already") == 2
    assert {name: data for name, data in tree(out).items() if name != "2.fits"} == before
    assert [(out / f"{name}.fits").stat().st_mtime_ns for name in range(2)] == times


def test_multiplying_undoes_dividing_and_neither_happens_twice(flatbridge, tmp_path, correction):
    frame = write(tmp_path / "a.fits", dusty().astype(np.float32) / 65535)
    once, back, again = (tmp_path / name for name in ("once", "back", "again"))
    flatbridge("apply", correction, frame, "-o", once)
    assert "divided by this" in flatbridge.refuses("apply", correction, once / "a.fits", "-o", back)
    flatbridge("apply", correction, once / "a.fits", "-o", back, "--multiply")
    np.testing.assert_allclose(fits.getdata(back / "a.fits"), fits.getdata(frame), rtol=2e-7)
    assert flatbridge("apply", correction, back / "a.fits", "-o", again).code == 0
    wrong = "apply", correction, frame, "-o", tmp_path / "more", "--multiply"
    assert "divide, do not multiply" in flatbridge.refuses(*wrong)
    flatbridge(*wrong, "--force")
    said = flatbridge.refuses(
        "apply", correction, tmp_path / "more" / "a.fits", "-o", tmp_path / "most", "--multiply"
    )
    assert "multiplied by this" in said


def test_a_pedestal_is_no_light(flatbridge, tmp_path, correction):
    sky = dusty() + np.uint16(500)
    frame = write(tmp_path / "a.fits", sky)
    assert (
        flatbridge("apply", correction, frame, "-o", tmp_path / "out", "--pedestal", 500).code == 0
    )
    factor = factor_planes()[0].astype(np.float64)
    expected = np.rint((sky.astype(np.float64) - 500) / factor + 500)
    np.testing.assert_array_equal(fits.getdata(tmp_path / "out" / "a.fits"), expected)


@pytest.mark.parametrize("jobs", [0, 1, 3])
def test_several_at_a_time_and_one_bad_one_does_not_stop_the_rest(
    flatbridge, tmp_path, correction, jobs
):
    frames = [write(tmp_path / f"{name}.fits", dusty(seed=name)) for name in range(4)]
    frames[1].write_bytes(b"SIMPLE  = nonsense")
    done = flatbridge("apply", correction, *frames, "-o", tmp_path / "out", "-j", jobs)
    assert done.code == 1
    assert [line.split()[0] for line in done.out.splitlines()[1:]] == ["0.fits", "2.fits", "3.fits"]
    assert "1 of 4 files failed" in done.err
    assert set(tree(tmp_path / "out")) == {"0.fits", "2.fits", "3.fits"}


def test_two_frames_of_one_name_are_refused(flatbridge, tmp_path, correction):
    frames = [write(tmp_path / folder / "a.fits", dusty()) for folder in "xy"]
    assert "same name" in flatbridge.refuses("apply", correction, *frames, "-o", tmp_path / "out")


@pytest.mark.parametrize("option", ["--offset=1", "--pedestal=much", "--depth=12"])
def test_wrong_use_ends_with_2(flatbridge, tmp_path, correction, option):
    frame = write(tmp_path / "a.fits", dusty())
    assert flatbridge("apply", correction, frame, "-o", tmp_path / "out", option).code == 2


def test_own_planes_are_no_images_to_correct(flatbridge, tmp_path, correction):
    for plane in ("mask", "seed_mask", "correction", "clean_flat", "inpainted"):
        made = write(tmp_path / f"{plane}.fits", np.ones((150, 200), np.float32), FBPLANE=plane)
        said = flatbridge.refuses("apply", correction, made, "-o", tmp_path / "out")
        assert said == (
            f"{made.name} is a {plane.replace('_', ' ')} that FlatBridge made, "
            "not an image with dust in it."
        )
    median = write(tmp_path / "median.fits", np.ones((150, 200), np.float32), FBPLANE="median")
    assert flatbridge("apply", correction, median, "-o", tmp_path / "out").code == 0


def test_a_report_is_not_written_under_the_name_of_an_image(flatbridge, tmp_path, correction):
    frame = write(tmp_path / "a.fits", dusty())
    before = tree(tmp_path)
    command = "apply", correction, frame, "-o", tmp_path / "out", "--report", tmp_path / "a.pdf"
    done = flatbridge(*command)
    said = "flatbridge: a.pdf would hold a web page: give it a name with .html.\n"
    assert (done.code, done.out, done.err) == (2, "", said)
    assert tree(tmp_path) == before
