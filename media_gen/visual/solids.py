"""Solids in their own frame: where a ray enters them, and which way their surface faces."""

from abc import ABC, abstractmethod

from media_gen.visual.vectors import Floats

__all__ = ["Solid"]


class Solid(ABC):
    """A closed body in its own frame, its bounding box around the origin."""

    @property
    @abstractmethod
    def half(self) -> tuple[float, float, float]:
        """Half extents of the bounding box along x, y and z, metres."""

    @abstractmethod
    def enter(self, origins: Floats, directions: Floats) -> Floats:
        """The t > 0 at which each ray origin + t · direction enters, inf if it never does."""

    @abstractmethod
    def normals(self, points: Floats) -> Floats:
        """Outward unit normals (3, n) at points on the surface."""
