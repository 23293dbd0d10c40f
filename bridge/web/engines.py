"""What there is to choose from."""

from __future__ import annotations

from flask import Blueprint

from bridge.engines.table import ENGINES
from bridge.options import OPTIONS

blueprint = Blueprint("engines", __name__)


@blueprint.get("/v1/engines")
def listing() -> dict[str, object]:
    """List the engines, whether each can run here, and the options."""
    options = [option.to_json() for option in OPTIONS.values()]
    listed = []
    for entry in ENGINES.values():
        reason = entry.unavailable()
        listed.append(
            {
                "name": entry.name,
                "roles": list(entry.roles),
                "available": reason is None,
                "reason": reason,
                "sends_pixels_away": entry.sends_pixels_away,
                "rerolls": entry.rerolls,
                "options": options,
            }
        )
    return {"engines": listed}
