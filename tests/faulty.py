"""A proxy for TCP that can be down, slow or break off what runs through it."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import sleep

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset


class Proxy:
    """Hands connections on to a server, as `mode` says: well, down, slow or resetting."""

    def __init__(self, host: str, port: int, listener: socket.socket) -> None:
        self.server, self.listener = (host, port), listener
        self.port = listener.getsockname()[1]
        self.mode, self.delay = "well", 5.0
        self._open: set[socket.socket] = set()

    def turn(self, mode: str) -> None:
        """Change what happens from now on, also to connections that are open."""
        self.mode = mode
        if mode in {"down", "resetting"}:
            for one in list(self._open):
                self._close(one)

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                if self.mode in {"down", "resetting"}:
                    self._close(client)
                    continue
                with suppress(OSError):
                    server = socket.create_connection(self.server)
                    self._open |= {client, server}
                    for ends in ((client, server), (server, client)):
                        threading.Thread(target=self._hand_on, args=ends, daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self.mode == "slow" and target.getpeername()[1] == self.server[1]:
                    sleep(self.delay)
                target.sendall(data)
        for one in (source, target):
            self._close(one)

    def _close(self, one: socket.socket) -> None:
        self._open.discard(one)
        with suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            one.shutdown(socket.SHUT_RDWR) if self.mode == "down" else None
        one.close()


@contextmanager
def proxy_to(host: str, port: int) -> Iterator[Proxy]:
    """Run a proxy in front of a server for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(host, port, listener)
        threading.Thread(target=proxy.serve, daemon=True).start()
        yield proxy
        proxy.turn("down")
        listener.shutdown(socket.SHUT_RDWR)
