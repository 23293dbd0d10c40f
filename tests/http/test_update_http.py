"""A stale flat brought up to date over HTTP: the same change as on the command line."""

import io

import numpy as np
import pytest
from astropy.io import fits

from bridge.io import fits_bytes
from tests.benchmarks.nights import night
from tests.http.support import slug


@pytest.fixture(scope="module")
def sent(real):
    """A night with its flat and its frames, sent."""
    made = night(
        3, shape=(320, 460), subs=12, level=3000.0, donuts=5, dither=20, radii=(9, 22)
    )  # fmt: skip
    noisy = made.stale * (1 + 0.001 * np.random.default_rng(0).standard_normal(made.stale.shape))
    flat = real.send(fits_bytes(noisy.astype(np.float32)))
    return made, flat, [real.send(frame(sub)) for sub in made.subs]


def frame(sub):
    return fits_bytes(np.clip(sub / 2**17, 0, 1).astype(np.float32))


def updated(real, flat, frames, **options):
    asked = {"operation": "update", "flat": flat, "frames": frames, "options": options}
    status, job = real.ask("POST", "/v1/jobs", asked)
    assert status == 202, job
    return real.finish(job["id"], seconds=240)


def test_the_change_makes_the_flat_current(real, sent):
    made, flat, frames = sent
    job = updated(real, flat, frames)
    assert job["state"] == "succeeded", job
    figures = job["figures"]
    assert figures["frames"] == 12
    assert "update your flat" in figures["words"]
    assert "known" in figures["trust"]
    entry = job["results"]["correction"]
    _, data = real.ask("GET", entry["url"], raw=True)
    change = fits.getdata(io.BytesIO(data)) * entry["scale"]
    was, now = made.error(made.stale), made.error(made.stale * change)
    assert was > 0.02
    assert now < was / 6
    assert updated(real, flat, frames)["id"] == job["id"]


def test_frames_that_hold_the_flats_own_dust_fail_with_the_rule(real, sent):
    made, flat, _ = sent
    held = [real.send(frame(sub * made.stale * made.before / made.after)) for sub in made.subs]
    job = updated(real, flat, held)
    assert job["state"] == "failed"
    assert job["problem"]["rule"] == "not-flattened"
    assert "divide them by the flat first" in job["problem"]["detail"]
    assert updated(real, flat, held, force=True)["state"] == "succeeded"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"frames": []}, "bad-option"),
        ({"frames": None}, "bad-option"),
        ({"flat": "0" * 64}, "unknown-frame"),
        ({"options": {"force": 1}}, "bad-option"),
        ({"options": {"detector": "gemini"}}, "bad-option"),
        ({"options": []}, "bad-option"),
        ({"mask": "0" * 64}, "bad-option"),
    ],
)
def test_what_cannot_be_is_refused_at_once(client, changed, expected):
    flat = client.send()
    asked = {"operation": "update", "flat": flat, "frames": [flat] * 5, **changed}
    answer = client.post("/v1/jobs", json=asked)
    assert (answer.status_code, slug(answer)) == (422, expected)


def test_too_few_frames_and_other_sizes_are_refused_at_once(client):
    flat = client.send()
    asked = {"operation": "update", "flat": flat, "frames": [flat] * 4}
    answer = client.post("/v1/jobs", json=asked)
    assert "At least 5 frames" in answer.json["detail"]
    other = client.send(fits_bytes(np.zeros((5, 6), np.float32)))
    answer = client.post("/v1/jobs", json={**asked, "frames": [other] * 5})
    assert slug(answer) == "unsupported-frame"
    assert "the flat 16 x 12 gray" in answer.json["detail"]
