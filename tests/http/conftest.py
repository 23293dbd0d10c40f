import pytest

from tests.http.support import bridge_in, start


@pytest.fixture
def client(tmp_path):
    with bridge_in(tmp_path) as client:
        yield client


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One client for the tests of a module that leave the bridge as it was."""
    with bridge_in(tmp_path_factory.mktemp("home")) as client:
        yield client


@pytest.fixture
def settings(client):
    return client.services.settings


@pytest.fixture
def launch(tmp_path):
    """Return a function that starts a bridge; each is ended with the test."""
    started = []

    def launch(home=tmp_path, **environ):
        started.append(start(home, **environ))
        return started[-1]

    yield launch
    for live in started:
        live.kill()


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """One bridge for the tests of a module that leave it as it was."""
    started = start(tmp_path_factory.mktemp("home"), FLATBRIDGE_FRAME_BYTES="40MB")
    yield started
    started.kill()


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A bridge as it is shipped, for the tests of a module."""
    home = tmp_path_factory.mktemp("home")
    bridge = start(home, command=("-m", "bridge", "serve", "--port=0"))
    yield bridge
    bridge.kill()
