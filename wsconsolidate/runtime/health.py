"""How something is: what a health check answers, and who may be watched."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

logger = logging.getLogger(__name__)


class HealthStatus(StrEnum):
    """Works, works with less, does not work."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


@dataclass(frozen=True, slots=True)
class Health:
    """The answer of a health check: a status, why it is not better, and figures."""

    status: HealthStatus
    reason: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_healthy(self) -> bool:
        """True when nothing is wrong."""
        return self.status is HealthStatus.HEALTHY


Observer = Callable[["MonitorableComponent", Health], None]


class MonitorableComponent(ABC):
    """Something that can be asked how it is, and that tells its observers when that changes.

    Example:
        >>> class Queue(MonitorableComponent):
        ...     async def health_check(self) -> Health:
        ...         return Health(HealthStatus.HEALTHY)
    """

    def __init__(self) -> None:
        self._observers: tuple[Observer, ...] = ()

    @abstractmethod
    async def health_check(self) -> Health:
        """How it is now; never raises."""

    def add_observer(self, observer: Observer) -> None:
        """Call `observer(component, health)` at every change; adding it twice is adding it once."""
        if observer not in self._observers:
            self._observers = (*self._observers, observer)

    def remove_observer(self, observer: Observer) -> None:
        """Stop calling it; one that is unknown is ignored."""
        self._observers = tuple(other for other in self._observers if other != observer)

    def tell_observers(self, health: Health) -> None:
        """Say that something changed; an observer that raises is logged, and harms nobody."""
        for observer in self._observers:
            try:
                observer(self, health)
            except Exception:
                logger.exception("an observer of %s failed", type(self).__name__)
