"""Every case of the service's behavior ends in an answer or in its own problem."""

import json
import logging
import time

import numpy as np
import pytest

from bridge import config
from bridge.engines.base import Quiet
from bridge.engines.gemini import client, errors
from bridge.engines.gemini.pixels import png, read_picture
from bridge.engines.gemini.question import Question
from tests.gemini.service import (
    KEY,
    Answer,
    Service,
    answer,
    error,
    inline,
    picture,
    quota,
    reply,
    retry_info,
)

SENT = png(np.arange(48, dtype=np.uint8).reshape(6, 8))
BACK = png(np.full((4, 4), 7, np.uint8))
DRAFT = png(np.full((4, 4), 1, np.uint8))
LARGER = png(np.random.default_rng(1).integers(0, 255, (64, 64)).astype(np.uint8))
DRAW = Question("gemini-nano-banana-2.1", ("Draw.", SENT), ratio="4:3", size="1K")
POINT = Question("gemini-3.8-flash", ("Point.", SENT), schema='{"type": "array"}')

INVALID_KEY = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
}


def settings(service, tmp_path, **more):
    environ = {**service.environment(**{"timeout": 5, **more}), "FLATBRIDGE_HOME": str(tmp_path)}
    return config.load(environ=environ)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(client, "PAUSE", 0.01)


def draft_first():
    parts = [
        {"text": "plan", "thought": True},
        inline(DRAFT, thought=True),
        {"text": "Here is the picture."},
        inline(BACK, thoughtSignature="AA=="),
    ]
    return answer(reply(parts))


def with_data(data, **more):
    return answer(reply([{"inlineData": {"mimeType": "image/png", "data": data}, **more}]))


def unpadded(data):
    return inline(data)["inlineData"]["data"].rstrip("=")


GOOD = {
    "a picture": picture(BACK),
    "drafts first": draft_first(),
    "a lie about the type": picture(BACK, "image/jpeg"),
    "no type": answer(reply([{"inlineData": {"data": inline(BACK)["inlineData"]["data"]}}])),
    "two pictures, the last counts": answer(reply([inline(DRAFT), inline(BACK)])),
    "other base64": with_data(unpadded(BACK).translate(str.maketrans("+/", "-_"))),
    "snake case": answer(reply([{"inline_data": inline(BACK)["inlineData"]}])),
    "fields nobody knows": answer({**reply([inline(BACK)]), "new": {"x": 1}}),
    "an end nobody knows": answer(reply([inline(BACK)], finish="NEW_REASON")),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_picture_is_taken_however_it_comes(tmp_path, name):
    with Service(GOOD[name]) as service:
        found, asked = client.ask(DRAW, settings(service, tmp_path), Quiet())
    assert read_picture(found.picture).mean() == 7
    assert asked
    (request,) = service.requests
    assert request.faults == []
    assert (request.model, request.version) == ("gemini-nano-banana-2.1", "v1beta")
    assert request.pictures == [SENT]
    assert request.config["imageConfig"] == {"aspectRatio": "4:3", "imageSize": "1K"}
    assert request.config["responseModalities"] == ["IMAGE"]


def test_words_are_asked_for_with_their_schema(tmp_path):
    with Service(answer(reply([{"text": "[]"}]))) as service:
        found, _ = client.ask(POINT, settings(service, tmp_path), Quiet())
    assert (found.picture, found.words) == (None, "[]")
    (request,) = service.requests
    assert request.config["responseMimeType"] == "application/json"
    assert request.config["responseJsonSchema"] == {"type": "array"}


# What the service does: the problem it becomes, words of its sentence, how often it is asked.
BAD = {
    "bad key": (error(400, "INVALID_ARGUMENT", "API key not valid.", INVALID_KEY),
                errors.BadKey, "not valid", 1),
    "no such right": (error(403, "PERMISSION_DENIED", "Denied."), errors.BadKey, "Denied", 1),
    "place": (error(400, "FAILED_PRECONDITION", "User location is not supported."),
              errors.RequestRefused, "location", 1),
    "model gone": (error(404, "NOT_FOUND", "models/x is not found"),
                   errors.ModelGone, r"gemini\.image_model.*gemini-3-pro-image", 1),
    "quota of the day": (error(429, "RESOURCE_EXHAUSTED", "Quota", quota("RequestsPerDay"),
                               retry_info("52758s")), errors.QuotaUsedUp, "resets in 15 h", 1),
    "no quota at all": (error(429, "RESOURCE_EXHAUSTED", "Quota exceeded, limit: 0"),
                        errors.QuotaUsedUp, "no free tier", 1),
    "quota of the minute": (error(429, "RESOURCE_EXHAUSTED", "Quota", quota("PerMinute"),
                                  retry_info("0.05s")), errors.QuotaUsedUp, "too often", 3),
    "long quota": (error(429, "RESOURCE_EXHAUSTED", "Quota", retry_info("90s")),
                   errors.QuotaUsedUp, "in 90 s", 1),
    "internal": (error(500, "INTERNAL", "An internal error"), errors.Overloaded, "500", 3),
    "overloaded": (error(503, "UNAVAILABLE", "overloaded"), errors.Overloaded, "503", 3),
    "deadline": (error(504, "DEADLINE_EXCEEDED", "late"), errors.Overloaded, "504", 3),
    "gateway": (Answer(502, b"<html>Bad gateway</html>"), errors.Overloaded, "502", 3),
    "cut": (Answer(cut=True), errors.Overloaded, "cannot be reached", 3),
    "a redirect": (Answer(307, headers={"Location": "http://127.0.0.1:9/"}),
                   errors.RequestRefused, "another address", 1),
    "a page": (Answer(200, b"<html>Welcome</html>"), errors.Garbage, "proxy", 1),
    "nothing": (Answer(200, b""), errors.EmptyAnswer, "nothing", 1),
    "204": (Answer(204), errors.EmptyAnswer, "nothing", 1),
    "an empty object": (answer({}), errors.EmptyAnswer, "without an answer", 1),
    "no candidates": (answer({"candidates": []}), errors.EmptyAnswer, "without an answer", 1),
    "a role alone": (answer({"candidates": [{"content": {"role": "model"},
                                             "finishReason": "MAX_TOKENS"}]}),
                     errors.EmptyAnswer, "MAX_TOKENS", 1),
    "a list": (answer([1]), errors.Garbage, "not from the Gemini service", 1),
    "blocked question": (answer({"promptFeedback": {"blockReason": "SAFETY"}}),
                         errors.Blocked, "SAFETY", 1),
    "blocked answer": (answer({"candidates": [{"finishReason": "IMAGE_SAFETY",
                                               "finishMessage": "Unable to show"}]}),
                       errors.Blocked, "IMAGE_SAFETY.*Unable to show", 1),
    "words": (answer(reply([{"text": "I cannot see any dust."}])),
              errors.NoPicture, "I cannot see any dust", 1),
    "no image": (answer(reply([], finish="NO_IMAGE")), errors.NoPicture, "NO_IMAGE", 1),
    "thoughts alone": (answer(reply([inline(DRAFT, thought=True)])),
                       errors.EmptyAnswer, "sent nothing", 1),
    "a file elsewhere": (answer(reply([{"fileData": {"fileUri": "gs://x"}}])),
                         errors.NoPicture, "no picture", 1),
    "broken base64": (with_data("@@@@"), errors.Garbage, "damaged", 1),
    "not a picture": (with_data("AAAA"), errors.Garbage, "no known format", 1),
    "half a picture": (with_data(inline(LARGER[:2000])["inlineData"]["data"]),
                       errors.Garbage, "damaged", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_every_failure_is_its_own_problem(tmp_path, name):
    scripted, kind, words, asked = BAD[name]
    with Service(scripted) as service:
        began = time.monotonic()
        with pytest.raises(kind, match=words) as told:
            client.ask(DRAW, settings(service, tmp_path), Quiet())
        assert time.monotonic() - began < 5
    assert len(service.requests) == asked
    assert KEY not in told.value.detail
    assert told.value.__cause__ is None


def test_the_seconds_until_a_quota_resets_are_a_member(tmp_path):
    with (
        Service(BAD["quota of the day"][0]) as service,
        pytest.raises(errors.QuotaUsedUp) as told,
    ):
        client.ask(DRAW, settings(service, tmp_path), Quiet())
    assert told.value.problem()["retry_after_ms"] == 52758000


def test_what_passes_is_tried_again(tmp_path):
    failing = [BAD["overloaded"][0], BAD["cut"][0], picture(BACK)]
    with Service(*failing) as service:
        found, _ = client.ask(DRAW, settings(service, tmp_path), Quiet())
    assert found.picture == BACK
    assert len(service.requests) == 3


def test_the_pause_that_the_service_asks_for_is_kept(tmp_path):
    limited = error(429, "RESOURCE_EXHAUSTED", "Quota", quota("PerMinute"), retry_info("0.7s"))
    with Service(limited, picture(BACK)) as service:
        began = time.monotonic()
        client.ask(DRAW, settings(service, tmp_path), Quiet())
    assert time.monotonic() - began > 0.7
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    "slow",
    [picture(BACK, delay=9.0), Answer(200, b" " * 100, drip=0.1)],
    ids=["silence", "a drip"],
)
def test_a_slow_answer_ends_at_the_deadline(tmp_path, slow):
    with Service(slow) as service:
        found = settings(service, tmp_path, timeout=1.5)
        began = time.monotonic()
        with pytest.raises(errors.Overloaded):
            client.ask(DRAW, found, Waiting())
        assert time.monotonic() - began < 6
    assert len(service.requests) == 1


class Waiting(Quiet):
    """A run that waits no longer than it is told, as jobs do."""

    def answer(self, key, ask, seconds):
        import threading

        found = []

        def fly():
            try:
                found.append(ask(lambda: True))
            except Exception as trouble:
                found.append(trouble)

        thread = threading.Thread(target=fly, daemon=True)
        thread.start()
        thread.join(seconds)
        if not found:
            raise TimeoutError
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]


def test_nobody_at_home(tmp_path):
    with Service(picture(BACK)) as service:
        found = settings(service, tmp_path)
    with pytest.raises(errors.Overloaded, match="cannot be reached"):
        client.ask(DRAW, found, Quiet())


def test_variables_of_the_client_library_divert_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "other")
    monkeypatch.setenv("GOOGLE_CLOUD_LOCATION", "us-central1")
    monkeypatch.setenv("GOOGLE_API_KEY", "another-key")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Service(picture(BACK)) as service:
        client.ask(DRAW, settings(service, tmp_path), Quiet())
    (request,) = service.requests
    assert request.version == "v1beta"


def test_the_key_reaches_no_log(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with Service(BAD["bad key"][0]) as service, pytest.raises(errors.BadKey):
        client.ask(DRAW, settings(service, tmp_path), Quiet())
    assert KEY not in caplog.text


def test_equal_questions_have_equal_keys_and_others_do_not(tmp_path):
    with Service(picture(BACK)) as service:
        found = settings(service, tmp_path)
    other = config.load(
        {"gemini.api_version": "v1"}, {"FLATBRIDGE_HOME": str(tmp_path), **service.environment()}
    )
    questions = [
        DRAW,
        POINT,
        Question(DRAW.model, ("Draw.", BACK), ratio="4:3", size="1K"),
        Question(DRAW.model, ("Paint.", SENT), ratio="4:3", size="1K"),
        Question(DRAW.model, DRAW.parts, ratio="4:3", size="2K"),
        Question(DRAW.model, DRAW.parts, ratio="4:3", size="1K", roll=1),
    ]
    keys = {question.key(found) for question in questions} | {DRAW.key(other)}
    assert len(keys) == len(questions) + 1
    assert DRAW.key(found) == Question(DRAW.model, DRAW.parts, "4:3", "1K").key(found)


def test_a_reply_is_kept_as_it_was(tmp_path):
    with Service(draft_first()) as service:
        found, _ = client.ask(DRAW, settings(service, tmp_path), Quiet())
    assert json.loads(found.dump())["words"] == "Here is the picture."
    assert type(found).parse(found.dump()) == found
