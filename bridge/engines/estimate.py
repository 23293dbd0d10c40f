"""What work would cost, told before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """At most so many calls at so much.

    Parameters
    ----------
    calls
        To a service that wants money.
    cost
        In ``currency``.
    prices_as_of
        The day of the price list, ISO 8601; None where nothing is paid.
    """

    calls: int = 0
    cost: float = 0.0
    currency: str = "USD"
    prices_as_of: str | None = None

    def __add__(self, other: Estimate) -> Estimate:
        """Return both together."""
        return Estimate(
            self.calls + other.calls,
            round(self.cost + other.cost, 6),
            self.currency,
            max(filter(None, (self.prices_as_of, other.prices_as_of)), default=None),
        )

    def to_json(self) -> dict[str, object]:
        """Return it as answers show it."""
        return {
            "calls": self.calls,
            "cost": round(self.cost, 4),
            "currency": self.currency,
            "prices_as_of": self.prices_as_of,
        }

    def words(self) -> str:
        """Return it for people."""
        calls = "1 call" if self.calls == 1 else f"{self.calls} calls"
        return f"{calls}, at most {self.cost:.2f} {self.currency} (prices of {self.prices_as_of})"
