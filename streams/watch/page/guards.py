"""Guards of the page: who may ask, from where, and what a browser may do with the answer."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import web
from yarl import URL

__all__ = ["guarded", "on_prepare", "refusal"]

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_PLAIN = ("/metrics", "/healthz", "/readyz")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse hosts that are names of somebody else; say what is wrong in plain words."""
    if not _is_ours(request):
        return web.Response(status=421, text="this host name is not served here\n")
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.Response(status=error.status, text=f"{error.reason}\n", headers=_kept(error))


async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
    """Put the page's headers on every answer, whatever made it."""
    response.headers.update(_HEADERS)


def refusal(request: web.Request) -> tuple[int, str] | None:
    """Why a request that would change something is refused: its status and the reason; None if it may."""
    if not _is_loopback(request.remote):
        return 403, "the page steers from this machine only; elsewhere use `greenroom steer`"
    origin = request.headers.get("Origin")
    if origin is None or origin not in (f"http://{request.host}", f"https://{request.host}"):
        return 403, "only the page itself may steer: the request's origin is another"
    if request.content_type != "application/json":
        return 415, "a change is sent as application/json"
    return None


def _is_ours(request: web.Request) -> bool:
    """A page of a foreign name that resolves to us (DNS rebinding) still says its own name in Host.

    Probes and scrapers reach a process by any name, and what they read is no secret of a browser's user.
    """
    if request.path in _PLAIN:
        return True
    try:
        name = URL(f"http://{request.host}").host or ""
    except ValueError:
        return False
    return name == "localhost" or name.endswith(".localhost") or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(address: str | None) -> bool:
    return address is not None and _is_address(address) and ip_address(address).is_loopback


def _kept(error: web.HTTPException) -> dict[str, str]:
    return {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
