"""The HTTP side: who may ask, what can be asked, how it is answered."""

from bridge.web.app import create_app
from bridge.web.services import Services

__all__ = ["Services", "create_app"]
