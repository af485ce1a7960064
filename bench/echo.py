"""A service that answers every POST with its own body: what a load generator is measured against."""

import argparse

from aiohttp import web


async def _echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


def main() -> None:
    """Serve until it is terminated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    service = web.Application()
    service.router.add_post("/", _echo)
    web.run_app(service, host="127.0.0.1", port=parser.parse_args().port, access_log=None, print=None)


if __name__ == "__main__":
    main()
