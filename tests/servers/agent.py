"""Datadog's test agent on 127.0.0.1 only: by itself it listens on every address, and for gRPC, which nobody here speaks."""

import aiohttp.web
from ddapm_test_agent import agent


class LoopbackSite(aiohttp.web.TCPSite):
    def __init__(self, runner, host=None, port=None, **options):
        super().__init__(runner, host="127.0.0.1", port=port, **options)


class NoServer:
    async def stop(self, grace=None):
        pass


async def no_grpc(*_):
    return NoServer()


aiohttp.web.TCPSite = LoopbackSite
agent.make_otlp_grpc_server_async = no_grpc
agent.main()
