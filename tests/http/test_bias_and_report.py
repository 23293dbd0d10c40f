"""A master bias that was sent before as the option ``bias``, and report.html of a job."""

import re

import numpy as np
import pytest

from bridge.io import fits_bytes, read_image
from tests.e2e.cli_support import FlatBridge
from tests.http.stub import fits
from tests.http.support import slug
from tests.synthetic import donut_flat

BIAS = np.float32(0.015625)


@pytest.fixture(scope="module")
def sent(real, tmp_path_factory):
    """A flat with a bias in it and the bias, as files and as ids."""
    folder = tmp_path_factory.mktemp("files")
    flat = donut_flat(3, shape=(160, 200), count=3, radii=(8, 16), depths=(0.05, 0.12)).flat
    files = {"flat": flat + BIAS, "bias": np.full_like(flat, BIAS)}
    ids = {}
    for name, pixels in files.items():
        data = fits_bytes(pixels.astype(np.float32)[None])
        (folder / f"{name}.fits").write_bytes(data)
        ids[name] = real.send(data)
    return folder, ids


def corrected(real, ids, **options):
    asked = {"operation": "correct", "frame": ids["flat"], "options": options}
    status, job = real.ask("POST", "/v1/jobs", asked)
    assert status == 202, job
    return real.finish(job["id"], seconds=120)


def test_a_master_bias_is_subtracted_as_on_the_command_line(
    real, sent, tmp_path, monkeypatch, capsys
):
    folder, ids = sent
    job = corrected(real, ids, bias=ids["bias"])
    assert job["state"] == "succeeded", job
    assert job["options"]["bias"] == ids["bias"]
    assert any("was subtracted from the flat" in one["message"] for one in job["warnings"])
    flatbridge = FlatBridge(tmp_path / "home", monkeypatch, capsys)
    out = tmp_path / "out"
    done = flatbridge("correct", folder / "flat.fits", "--bias", folder / "bias.fits", "-o", out)
    assert done.code == 0, done.err
    for name, entry in job["results"].items():
        data = real.ask("GET", entry["url"], raw=True)[1]
        own = read_image(out / f"{name}.fits").pixels
        np.testing.assert_array_equal(read_image(data).pixels, own, err_msg=name)
    without = corrected(real, ids, bias=0)
    assert without["id"] != job["id"]
    assert without["figures"]["shadows"][0]["depth"] < job["figures"]["shadows"][0]["depth"]
    assert corrected(real, ids, bias=ids["bias"])["id"] == job["id"]


def test_a_job_gives_the_report_that_the_command_line_writes(
    real, sent, tmp_path, monkeypatch, capsys
):
    folder, ids = sent
    job = corrected(real, ids, bias=ids["bias"])
    status, page = real.ask("GET", f"/v1/jobs/{job['id']}/report.html", raw=True)
    assert status == 200
    flatbridge = FlatBridge(tmp_path / "home", monkeypatch, capsys)
    out = tmp_path / "out"
    flatbridge("correct", folder / "flat.fits", "--bias", folder / "bias.fits", "-o", out)
    own = (out / "report.html").read_text(encoding="utf-8")
    text = page.decode()
    assert text.startswith("<!doctype html>")
    assert f"Job {job['id']}" in text
    pictures = re.findall(r'src="(data:image/[^"]+)"', text)
    assert pictures == re.findall(r'src="(data:image/[^"]+)"', own)
    assert len(pictures) > 5


def test_what_is_no_bias_is_refused(client):
    frame, other = client.send(), client.send(fits(1, (9, 16)))
    for bias, expected in (("f" * 64, "unknown-frame"), ("much", "bad-option"),
                           (other, "unsupported-frame")):  # fmt: skip
        members = {"operation": "correct", "frame": frame, "options": {"bias": bias}}
        answer = client.post("/v1/jobs", json=members)
        assert (answer.status_code, slug(answer)) == (422, expected)


def test_there_is_no_report_on_what_is_no_correction(client):
    found = client.run("detect")
    answer = client.get(f"/v1/jobs/{found['id']}/report.html")
    assert (answer.status_code, slug(answer)) == (404, "not-found")
    made = client.run("correct")
    answer = client.get(f"/v1/jobs/{made['id']}/report.html")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report.html"'
    client.services.store.folder.joinpath("frames").rename(client.services.store.folder / "gone")
    answer = client.get(f"/v1/jobs/{made['id']}/report.html")
    assert (answer.status_code, slug(answer)) == (422, "unknown-frame")
