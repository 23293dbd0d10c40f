"""A flat by command line and by HTTP gives the same files, bit for bit; nothing is stubbed."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from bridge.io import fits_bytes, read_image
from tests.http.support import ROOT, start
from tests.synthetic import donut_flat

BRIDGE = ["-m", "bridge", "serve", "--port", "0"]


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    """The folder that the command line wrote, and a bridge with a store of its own."""
    folder = tmp_path_factory.mktemp("doors")
    flat = folder / "flat.fits"
    flat.write_bytes(fits_bytes(donut_flat(3, shape=(180, 240)).flat))
    mask = np.zeros((180, 240), np.float32)
    mask[40:60, 50:70] = 1
    (folder / "mask.fits").write_bytes(fits_bytes(mask))
    environ = {**os.environ, "FLATBRIDGE_HOME": str(folder / "one")}
    for name, more in (("auto", []), ("given", ["--mask", str(folder / "mask.fits")])):
        command = [
            sys.executable,
            "-m",
            "bridge",
            "correct",
            str(flat),
            "-o",
            str(folder / name),
            *more,
        ]
        subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
    live = start(folder / "two", command=BRIDGE)
    yield folder, live
    live.kill()


def by_http(live, folder, operation, mask=None):
    members = {"operation": operation, "frame": live.send((folder / "flat.fits").read_bytes())}
    if mask:
        members["mask"] = live.send(mask.read_bytes())
    status, job = live.ask("POST", "/v1/jobs", members)
    assert status == 202, job
    return live.finish(job["id"])


@pytest.mark.parametrize("name", ["auto", "given"])
def test_both_doors_give_the_same_files(doors, name):
    folder, live = doors
    job = by_http(live, folder, "correct", folder / "mask.fits" if name == "given" else None)
    assert job["state"] == "succeeded", job
    assert {f"{plane}.fits" for plane in job["results"]} == {
        path.name for path in (folder / name).glob("*.fits")
    }
    for plane, entry in job["results"].items():
        _, data = live.ask("GET", entry["url"], raw=True)
        assert data == (folder / name / f"{plane}.fits").read_bytes(), plane
    report = json.loads((folder / name / "report.json").read_text(encoding="utf-8"))
    assert job["figures"] == report["figures"]
    assert job["figures"]["shadows"]


def test_the_mask_detected_is_the_mask_of_the_correction(doors):
    folder, live = doors
    found, corrected = (by_http(live, folder, one) for one in ("detect", "correct"))
    _, mask = live.ask("GET", found["results"]["mask"]["url"], raw=True)
    _, used = live.ask("GET", corrected["results"]["mask"]["url"], raw=True)
    assert np.array_equal(read_image(mask).pixels, read_image(used).pixels)
    changed = [shadow for shadow in corrected["figures"]["shadows"] if shadow["corrected"]]
    assert len(found["figures"]["shadows"]) == len(changed)
