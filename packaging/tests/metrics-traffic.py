#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Usage: metrics-traffic.py PORT BACKLOG PAUSE CLIENTS SECONDS

A server that accepts one connection each PAUSE seconds, with that BACKLOG, and
so many clients, each of which connects as often as it can. All on loopback. The
server stays.
"""
import os
import socket
import sys
import time


def serve(listener, pause):
    while True:
        conn, _ = listener.accept()
        try:
            conn.recv(1)
        except ConnectionResetError:
            pass
        conn.close()
        time.sleep(pause)


def call(port, end):
    """One connection at a time. We close first, so that the server's end of
    it, which has waited for accept(), is over at once."""
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), 4) as sock:
                sock.shutdown(socket.SHUT_WR)
                sock.recv(1)
        except OSError:
            pass


def start(part, *args):
    pid = os.fork()
    if not pid:
        part(*args)
        os._exit(0)
    return pid


def main():
    port, backlog, clients = (int(sys.argv[i]) for i in (1, 2, 4))
    end = time.monotonic() + float(sys.argv[5])
    listener = socket.create_server(("127.0.0.1", port), backlog=backlog)
    start(serve, listener, float(sys.argv[3]))
    pids = [start(call, port, end) for _ in range(clients)]
    for pid in pids:
        os.waitpid(pid, 0)
    # Who is not accepted yet has counted, too.
    time.sleep(1)


main()
