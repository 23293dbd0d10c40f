import json
import re

import pytest

from bridge import errors
from bridge.errors import BridgeError, Cancelled, EngineBadOutput, EngineError, EngineUnavailable

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, BridgeError)
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_is_one_problem_document(kind):
    trouble = kind("The file flat.fits ends early.", offset=17)
    problem = json.loads(json.dumps(trouble.problem()))
    assert problem == {
        "type": f"/problems/{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": "The file flat.fits ends early.",
        "offset": 17,
    }
    assert str(trouble) == "The file flat.fits ends early."


def test_kinds_are_told_apart_by_their_slugs():
    slugs = [kind.slug for kind in KINDS]
    assert len(KINDS) > 5
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in slugs)


@pytest.mark.parametrize("kind", KINDS)
def test_the_user_is_told_in_words(kind):
    assert 400 <= kind.status < 600
    assert kind.title[0].isupper()
    assert not kind.title.endswith(".")


def test_what_engines_raise_is_an_engine_error_and_a_cancel_is_not():
    assert issubclass(EngineUnavailable, EngineError)
    assert issubclass(EngineBadOutput, EngineError)
    assert not issubclass(Cancelled, EngineError)
