#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Usage: demo-traffic.py WEB-PORT SLOW-PORT

The troubles of scripts/demo, on loopback, one process for each name that the
COMM column shall have. The slow server stays until it is killed.
"""
import os
import socket
import struct
import sys
import time

WEB, SLOW = (("127.0.0.1", int(port)) for port in sys.argv[1:])


def become(name):
    with open("/proc/self/comm", "w") as comm:
        comm.write(name)


def serve(listener, go):
    """Accept late, one after the other. The first byte is an order: who
    shall close first, or that this one is never closed."""
    kept = []
    os.read(go, 1)
    while True:
        conn, _ = listener.accept()
        order = conn.recv(1)
        if order == b"n":
            kept.append(conn)
            continue
        conn.sendall(b"sorry")
        if order == b"c":
            conn.recv(1)
        conn.close()
        time.sleep(0.1)


def client(order, ready):
    sock = socket.create_connection(SLOW)
    os.write(ready, b"!")
    sock.sendall(order)
    sock.recv(len("sorry"))
    if order == b"s":
        sock.recv(1)
    sock.close()


def browser():
    """Gets a page of 300 KB."""
    sock = socket.create_connection(WEB)
    sock.sendall(b"GET /page HTTP/1.0\r\n\r\n")
    while sock.recv(65536):
        pass
    sock.close()


def leaver():
    """Leaves, and the server does not: FIN_WAIT2."""
    sock = socket.create_connection(SLOW)
    sock.sendall(b"n")
    sock.close()


def wrong_port():
    try:
        socket.create_connection(("127.0.0.1", 9))
    except ConnectionRefusedError:
        pass


def rude_client():
    """Resets, once the server has the connection."""
    sock = socket.create_connection(WEB)
    linger = struct.pack("ii", 1, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    time.sleep(0.01)
    sock.close()


def start(part, *args):
    if os.fork() == 0:
        become(part.__name__.replace("_", "-"))
        part(*args)
        os._exit(0)


def listen_drops():
    """What the kernel counts of all listeners."""
    with open("/proc/net/netstat") as netstat:
        names, numbers = (next(netstat).split() for _ in range(2))
    return int(numbers[names.index("ListenDrops")])


def play(go):
    """Four clients, where two fit into the accept queue. How long anything
    takes is the machine's affair, so wait for what is to have happened. The
    server is to close the last two, so that this end of them is over at once.
    """
    start(browser)
    os.wait()
    before = listen_drops()
    wait, ready = os.pipe()
    for order in b"c", b"c":
        start(client, order, ready)
        os.read(wait, 1)
    for order in b"s", b"s":
        start(client, order, ready)
    while listen_drops() < before + 2:
        time.sleep(0.01)
    time.sleep(0.2)
    os.write(go, b"!")
    for _ in range(4):
        os.wait()
    for part in leaver, wrong_port, rude_client:
        start(part)
        os.wait()


def main():
    become("slow-server")
    listener = socket.create_server(SLOW, backlog=1)
    wait, go = os.pipe()
    if os.fork() == 0:
        listener.close()
        play(go)
    else:
        serve(listener, wait)


main()
