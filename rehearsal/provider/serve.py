"""The provider on a loopback port, for as long as a ``with`` lasts."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager

import grpc  # type: ignore[import-untyped]  # has no stubs
from pulumi.runtime.proto import provider_pb2_grpc

_THREADS = 8  # the engine asks for several resources at once; emulated AWS answers one by one


@contextmanager
def attached(servicer: provider_pb2_grpc.ResourceProviderServicer) -> Iterator[str]:
    """Serve a provider; give the value of PULUMI_DEBUG_PROVIDERS, which attaches the engine."""
    pool = futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="rehearsal-provider")
    server = grpc.server(pool)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"aws:{port}"
    finally:
        server.stop(grace=None).wait()
        pool.shutdown(wait=False, cancel_futures=True)
