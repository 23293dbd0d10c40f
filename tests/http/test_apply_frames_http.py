"""Images on this computer divided by a job's correction, over HTTP, as the command line does."""

import io

import numpy as np
import pytest
import tifffile
from astropy.io import fits

from bridge.io.rewrite import read_recording
from tests.e2e.cli_support import dust, dusty, tree, write
from tests.http.support import slug
from tests.ser import ser_bytes
from tests.xisf_files import written


@pytest.fixture
def correction(client):
    """A job that found the donut of `dusty`, in a flat taken through a filter."""
    client.stub.factor = dust()
    hdu = fits.PrimaryHDU(dusty())
    hdu.header["FILTER"] = "Ha"
    file = io.BytesIO()
    hdu.writeto(file)
    return client.run("correct", frame=client.send(file.getvalue()))


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "corrected"
    folder.mkdir()
    return folder


@pytest.fixture
def asked(client, correction, out):
    def asked(*paths, output=out, **options):
        body = {
            "operation": "apply", "correction": correction["id"],
            "paths": [str(path) for path in paths], "output": str(output), "options": options,
        }  # fmt: skip
        answer = client.post("/v1/jobs", json=body)
        assert answer.status_code == 202, answer.text
        return client.finish(answer.json)

    return asked


def expected(sky, factor=None):
    return np.rint(sky / (dust() if factor is None else factor)[0].astype(np.float64))


def test_every_format_is_divided_in_its_own_form(asked, tmp_path, out):
    sky = dusty(seed=1)
    paths = [tmp_path / name for name in ("a.fits", "b.tif", "c.xisf", "d.ser")]
    write(paths[0], sky, OBJECT="M 31")
    tifffile.imwrite(paths[1], sky)
    written(paths[2], sky[None])
    paths[3].write_bytes(ser_bytes(np.stack([sky] * 3), depth=16))
    job = asked(*paths)
    assert job["state"] == "succeeded", job
    figures = job["figures"]
    assert figures["measured"].startswith("3 frames: matches (k = ")
    assert (figures["direction"], figures["fit"]["verdict"]) == ("divided", "matches")
    assert figures["fit"]["k"] == pytest.approx(1, abs=0.05)
    assert 0 < figures["fit"]["k_error"] < 0.05
    done = [{"path": str(p), "output": str(out / p.name), "saturated": 0, "clipped": 0}
            for p in paths]  # fmt: skip
    assert job["figures"]["files"] == done
    for path in paths[:3]:
        recording = read_recording(out / path.name)
        np.testing.assert_array_equal(recording.values[0], expected(sky))
        assert len(recording.stamps) == 1
        assert ", matches (k = " in recording.history.replace("\n", " ")
    assert fits.getheader(out / "a.fits")["OBJECT"] == "M 31"


def test_what_is_done_is_passed_over_and_never_done_twice(asked, tmp_path, out):
    frames = [write(tmp_path / f"{name}.fits", dusty(seed=name)) for name in range(2)]
    asked(frames[0])
    before = tree(out)
    job = asked(*frames)
    assert [one.get("done_before") for one in job["figures"]["files"]] == [True, None]
    assert tree(out)["0.fits"] == before["0.fits"]
    (tmp_path / "again").mkdir()
    again = asked(out / "0.fits", output=tmp_path / "again")
    assert again["state"] == "failed"
    assert "divided by this correction already" in again["problem"]["detail"]
    back = asked(out / "0.fits", output=tmp_path / "again", multiply=True)
    assert back["state"] == "succeeded"
    off = fits.getdata(tmp_path / "again" / "0.fits").astype(float) - fits.getdata(frames[0])
    assert abs(off).max() <= 1


@pytest.mark.parametrize(
    ("cards", "rule"),
    [({"FILTER": "OIII"}, "filter"), ({"NCOMBINE": 20}, "integrated"), ({}, "not-in-target")],
)
def test_the_guard_is_the_command_lines_and_force_overrides(asked, tmp_path, out, cards, rule):
    sky = dusty(with_dust=rule != "not-in-target")
    frame = write(tmp_path / "a.fits", sky, **cards)
    job = asked(frame)
    assert (job["state"], job["problem"]["type"]) == ("failed", "/problems/target-refused")
    assert job["problem"]["rule"] == rule
    assert list(out.iterdir()) == []
    forced = asked(frame, force=True)
    assert forced["state"] == "succeeded"
    if rule == "not-in-target":
        assert forced["figures"]["measured"].startswith("Forced: a.fits does not hold this dust")


def test_what_is_too_faint_to_tell_is_left_alone_where_one_wants_to_be_sure(asked, tmp_path, out):
    rng = np.random.default_rng(0)
    faint = write(tmp_path / "faint.fits", rng.poisson(0.5, dusty().shape).astype(np.uint16))
    job = asked(faint, sure=True)
    assert (job["state"], job["problem"]["rule"]) == ("failed", "too-faint")
    assert "faint.fits has too little light" in job["problem"]["detail"]
    assert list(out.iterdir()) == []
    job = asked(faint, multiply=True)
    assert (job["state"], job["figures"]["direction"]) == ("succeeded", "multiplied")
    assert job["figures"]["fit"]["verdict"] == "too-faint"
    video = tmp_path / "faint.ser"
    video.write_bytes(ser_bytes(rng.poisson(0.5, (3, *dusty().shape)).astype(np.uint16), depth=16))
    assert asked(video, sure=True)["problem"]["rule"] == "too-faint"
    assert asked(video)["state"] == "succeeded"


def test_one_image_of_several_in_a_file_is_named(asked, tmp_path, out):
    path = tmp_path / "two.fits"
    fits.HDUList([fits.PrimaryHDU(dusty()[:20]), fits.ImageHDU(dusty())]).writeto(path)
    assert "--hdu" in asked(path)["problem"]["detail"]
    assert asked(path, hdu=1)["state"] == "succeeded"
    np.testing.assert_array_equal(fits.getdata(out / "two.fits", 1), expected(dusty()))
    np.testing.assert_array_equal(fits.getdata(out / "two.fits", 0), dusty()[:20])
    assert asked(path, hdu=1)["figures"]["files"][0]["done_before"]


def test_one_bad_image_does_not_stop_the_others(asked, tmp_path, out):
    bad, good = tmp_path / "bad.fits", write(tmp_path / "good.fits", dusty())
    bad.write_bytes(good.read_bytes()[:5000])
    job = asked(bad, good)
    assert job["state"] == "succeeded"
    told = job["figures"]["files"]
    assert "bad.fits is cut short" in told[0]["problem"]["detail"]
    assert "saturated" in told[1]
    assert [one["code"] for one in job["warnings"]] == ["apply-failed"]
    assert set(tree(out)) == {"good.fits"}


def test_nothing_is_written_over_not_even_by_force(asked, tmp_path, out):
    frame = write(tmp_path / "a.fits", dusty())
    held = frame.read_bytes()
    (out / "a.fits").write_bytes(b"other")
    assert "exists already" in asked(frame, force=True)["problem"]["detail"]
    assert "is an input" in asked(frame, output=tmp_path, force=True)["problem"]["detail"]
    assert (out / "a.fits").read_bytes() == b"other"
    assert frame.read_bytes() == held


def test_pedestal_offset_and_binning(asked, tmp_path, out):
    moved = np.ones_like(dust())
    moved[:, 4:, 6:] = dust()[:, :-4, :-6]
    light = dusty(with_dust=False).astype(float)
    sky = np.rint(light * moved[0] + 500).astype(np.uint16)
    frame = write(tmp_path / "a.fits", sky)
    assert asked(frame, pedestal=500, offset=[6, 4])["state"] == "succeeded"
    same = np.rint((sky.astype(float) - 500) / moved[0].astype(np.float64) + 500)
    np.testing.assert_array_equal(fits.getdata(out / "a.fits"), same)
    history = " ".join(fits.getheader(out / "a.fits")["HISTORY"])
    assert "moved by 6,4 px, matches (k = " in history
    small = dust()[:, :150, :200].reshape(1, 75, 2, 100, 2).mean(axis=(2, 4))
    half = write(tmp_path / "b.fits", np.rint(light[:75, :100] * small[0]).astype(np.uint16))
    assert asked(half, bin=2)["state"] == "succeeded"
    assert (fits.getdata(out / "b.fits") != fits.getdata(half)).any()


@pytest.mark.parametrize(
    "options",
    [
        {"pedestal": "much"}, {"pedestal": True}, {"offset": 1}, {"offset": [1, 2.5]},
        {"offset": [True, 1]},
        {"hdu": -1}, {"hdu": True}, {"hdu": "1"}, {"sure": 1},
        {"bin": 0}, {"bin": True}, {"bin": [1]}, {"jobs": 2},
    ],
)  # fmt: skip
def test_wrong_options_are_refused_at_once(client, correction, tmp_path, out, options):
    frame = write(tmp_path / "a.fits", dusty())
    body = {
        "operation": "apply", "correction": correction["id"],
        "paths": [str(frame)], "output": str(out), "options": options,
    }  # fmt: skip
    answer = client.post("/v1/jobs", json=body)
    assert (answer.status_code, slug(answer)) == (422, "bad-option")
