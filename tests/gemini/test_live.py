"""One real picture, for people with a key: GEMINI_API_KEY=... python -m pytest -m live -s."""

import _socket
import os
import socket

import numpy as np
import pytest

from bridge import config
from bridge.engines.base import Quiet
from bridge.engines.gemini import client, prices, words
from bridge.engines.gemini.pixels import png, read_picture
from bridge.engines.gemini.question import Question

KEY = os.environ.get("GEMINI_API_KEY", "")
"""Read while tests are collected: the run itself is shut off from it."""


@pytest.mark.live
def test_one_small_picture(tmp_path, monkeypatch):
    if not KEY:
        pytest.fail("this test needs GEMINI_API_KEY")
    monkeypatch.setattr(socket.socket, "connect", _socket.socket.connect)
    found = config.load(environ={"FLATBRIDGE_HOME": str(tmp_path), "GEMINI_API_KEY": KEY})
    rows, columns = np.indices((768, 1024))
    flat = 128 + np.random.default_rng(1).normal(0, 3, rows.shape)
    flat -= 60 * np.exp(-(((np.hypot(rows - 300, columns - 500) - 12) / 5) ** 2))
    told = words.DRAW_DUST.format(kind=words.KINDS["dark"])
    picture = png(np.clip(flat, 0, 255).astype(np.uint8))
    question = Question(found.gemini_image_model, (told, picture), ratio="4:3", size="1K")
    reply, _ = client.ask(question, found, Quiet())
    drawn = read_picture(reply.picture)
    cost = prices.of_picture(question.model, "1K")
    print(f"\n{reply.model}: {drawn.shape[1]} x {drawn.shape[0]} px, about {cost} USD")  # noqa: T201
    assert drawn.size
