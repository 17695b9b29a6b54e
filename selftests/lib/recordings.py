#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Usage: recordings.py frames FILE
       recordings.py cut FILE READER
       recordings.py make FILE RECORDS [COMM [TIMES]]
       recordings.py listeners FILE NUMBER

Recordings of tcplife record, by their format (Documentation/recording.rst) and
with no code of the reader's. frames: where each frame ends, and how many records
came as events by then. cut: cuts the file at many bytes, and has READER replay
each: the exit status must be 0, and the records those of the whole frames. make:
writes a FILE with so many connections of an hour, of a process called COMM, so
many TIMES. listeners: a FILE with samples of so many listeners, of which the first
one and those with the highest ports dropped most.
"""
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

NOTE, FAMILY = 15, 30
LISTENER_GET, STATS_GET, RECORD_NTF, CLOSE_NTF = 3, 6, 12, 13
A_LISTENER, A_STATS = 4, 5
A_RECORD, A_SEQ, A_DROPPED, A_FILTERED, A_OFFSET, A_NOW, A_USER, A_EVENTS, \
    A_COMPACT = 1, 13, 14, 15, 16, 17, 18, 19, 21


def frame_end(data, at):
    """By RFC 8878: the end of a frame, or None if it is not whole."""
    flags = data[at + 4]
    single, checksum = flags >> 5 & 1, flags >> 2 & 1
    size = (1 if single else 0, 2, 4, 8)[flags >> 6]
    at += 5 + (not single) + (0, 1, 2, 4)[flags & 3] + size
    last = False
    while not last:
        head = int.from_bytes(data[at:at + 3], "little")
        last, kind, length = head & 1, head >> 1 & 3, head >> 3
        at += 3 + (1 if kind == 1 else length)
    return at + 4 * checksum


def unpack(data):
    return subprocess.run(["zstd", "-dcq"], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def pack(data):
    return subprocess.run(["zstd", "-cq", "-3", "--check"], input=data,
                          check=True, stdout=subprocess.PIPE).stdout


def records_in(frame):
    """How many records came as events."""
    n = at = 0
    while at < len(frame):
        length, kind, flags, seq, _ = struct.unpack_from("=IHHII", frame, at)
        cmd = frame[at + 16] if kind >= 16 else 0
        if cmd in (RECORD_NTF, CLOSE_NTF) and not seq and not flags & 1:
            attr = at + 20
            while attr < at + length:
                size, name = struct.unpack_from("=HH", frame, attr)
                n += name & 0x3fff in (A_RECORD, A_COMPACT)
                attr += size + 3 & ~3
        at += length + 3 & ~3
    return n


def frames(path):
    """[(end, records by then)]"""
    with open(path, "rb") as file:
        data = file.read()
    at = n = 0
    found = [(0, 0)]
    while at < len(data):
        end = frame_end(data, at)
        n += records_in(unpack(data[at:end]))
        found.append((end, n))
        at = end
    return data, found


def replay(reader, path):
    run = subprocess.run([reader, "replay", path, "follow", "-j"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return run.returncode, run.stdout.splitlines(), run.stderr.decode()


def cut(path, reader):
    data, ends = frames(path)
    rng = random.Random(1)
    wanted = set(range(0, 40)) | {len(data)}
    for end, _ in ends:
        wanted |= {end - 1, end, end + 1, end + 3, end + 4}
    wanted |= {rng.randrange(len(data)) for _ in range(150)}
    status, whole, _ = replay(reader, path)
    bad = status or len(whole) != ends[-1][1]
    if bad:
        print(f"the whole file: status {status}, {len(whole)} records, "
              f"want {ends[-1][1]}")
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "cut")
        for at in sorted(w for w in wanted if 0 <= w <= len(data)):
            with open(name, "wb") as file:
                file.write(data[:at])
            end, want = max(e for e in ends if e[0] <= at)
            status, lines, err = replay(reader, name)
            told = "cut off" in err
            if status or lines != whole[:want] or told != (at != end) or \
                    "too slow" in err:
                print(f"cut at {at}: status {status}, {len(lines)} records, "
                      f"want {want}: {err.strip()}")
                bad = True
    print(f"{len(wanted)} cuts of {len(data)} bytes in {len(ends) - 1} frames")
    return bad


# -- made ones --

# The attributes that are known; of one that was called, those of its queue, too.
HAS = (1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 15, 17, 18, 19, 20, 23, 29, 37, 38, 55,
       56, 67, 70)
QUEUED = (21, 22, 33, 34, 35)
# struct tcplife_compact
COMPACT = struct.Struct("=2Q 2Q 2I 16s16s 2I 2H 2BH 6I 18Q 20I 3Q 12I 4I Q "
                        "16s16s")
SECOND = 10 ** 9


def attr(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + \
        bytes(-len(data) % 4)


def message(kind, flags, seq, cmd, attrs):
    body = struct.pack("=BBH", cmd, 1, 0) + attrs
    return struct.pack("=IHHII", 16 + len(body), kind, flags, seq, 0) + body


def note(what):
    text = json.dumps(what).encode()
    return struct.pack("=IHHII", 16 + len(text), NOTE, 0, 0, 0) + text + \
        bytes(-len(text) % 4)


def compact(rng, number, start, comm):
    passive, failed = number % 2, number % 50 == 0
    words = [0, 0]
    for bit in HAS + (QUEUED if passive else ()):
        words[bit // 64] |= 1 << bit % 64
    born = start + rng.randrange(3500 * SECOND)
    established = born + int(rng.lognormvariate(12, 1.5))
    accepted = established + int(rng.lognormvariate(11, 2))
    closed = accepted + int(rng.lognormvariate(17, 2))
    port = 1024 + number % 60000
    return COMPACT.pack(
        *words, number + 1, 1, 0, 4026531840, bytes(16), bytes(16),
        0x0100007f, 0x0100007f, 80 if passive else port,
        port if passive else 80, 0, 0, 0,
        passive, 7, 1, 0, 12 if failed else 1, 0,
        born, closed, closed, born, established, accepted, established,
        0, 0, 0, 0, 0, closed, 0, 0, 0, 4242, 0,
        0, 0, 0, 0, rng.randrange(3), rng.randrange(8), rng.random() < .01,
        *[0] * 13, 0, number * 10, number, *[0] * 12,
        100 + number % 9, 0, 0, 0, 0, comm, comm)


def header(start, command):
    return {"tcplife_recording": 1, "tcplife": "0.2", "kernel": "6.1.0-made",
            "clock_offset": 1700000000 * SECOND, "started": start,
            "user_ns": 4026531837, "pid_ns": 4026531836,
            "net_ns": 4026531840, "command": command}


def make(path, records, comm=b"load", times=b"1"):
    rng = random.Random(7)
    start, seq = 1000 * SECOND, 0
    each = 40
    head = header(start, comm.decode())
    with open(path, "wb") as file:
        file.write(pack(note(head)))
        frame, packed = b"", b""
        for first in range(0, records, each):
            n = min(each, records - first)
            seq += 1
            attrs = attr(A_SEQ, struct.pack("=Q", seq))
            attrs += attr(A_EVENTS, struct.pack("=Q", first + n))
            attrs += attr(A_OFFSET, struct.pack("=q", head["clock_offset"]))
            attrs += attr(A_NOW, struct.pack("=Q", start + 3600 * SECOND))
            attrs += attr(A_USER, struct.pack("=I", 4026531837))
            attrs += b"".join(attr(A_COMPACT, compact(rng, first + i, start,
                                                      comm))
                              for i in range(n))
            frame += message(FAMILY, 0, 0, RECORD_NTF, attrs)
            if len(frame) > 8 << 20:
                packed += pack(frame)
                frame = b""
        packed += pack(frame)
        file.write(packed * int(times))
        file.write(pack(note({"ended": start + 3600 * SECOND})))


def number(kind, size, value):
    return attr(kind, value.to_bytes(size, sys.byteorder))


def listener(i, sample):
    """Each has had a SYN for each second; the i-th drops i more in each. The first
    one listens again after the first sample, counts from 0, and drops 500."""
    syns, drops = 100 + sample, 5000 - i + sample * i
    if i == 0:
        syns, drops = (1000, 400) if sample == 0 else (10, 500)
    return attr(A_LISTENER, b"".join((
        number(1, 8, 1000 + i), attr(4, bytes((10, 0, 0, 1))),
        attr(6, struct.pack("!H", 2000 + i)), number(13, 4, 10),
        number(14, 4, 0), number(16, 4, 0), number(18, 8, syns),
        number(22, 8, drops), number(37, 8, 0))))


def answer(seq, cmd, now, attrs):
    """A request, what came, and its end."""
    about = number(A_NOW, 8, now) + number(A_USER, 4, 4026531837)
    return message(FAMILY, 0x301, seq, cmd, b"") + \
        b"".join(message(FAMILY, 2, seq, cmd, about + a) for a in attrs) + \
        struct.pack("=IHHIIi", 20, 3, 2, seq, 0, 0)


def listeners(path, count):
    start = 1000 * SECOND
    data = note(header(start, "load"))
    for sample in range(3):
        now = start + sample * SECOND
        stats = attr(A_STATS, number(1, 8, sample))
        data += answer(2 * sample + 1, STATS_GET, now, [stats])
        data += answer(2 * sample + 2, LISTENER_GET, now,
                       [listener(i, sample) for i in range(count)])
    data += note({"ended": start + 3 * SECOND})
    with open(path, "wb") as file:
        file.write(pack(data))


def main():
    what, path, *rest = sys.argv[1:]
    if what == "frames":
        for end, n in frames(path)[1]:
            print(end, n)
    elif what == "cut":
        return cut(path, *rest)
    elif what == "make":
        make(path, int(rest[0]), *(r.encode() for r in rest[1:]))
    elif what == "listeners":
        listeners(path, int(rest[0]))
    else:
        return __doc__
    return 0


sys.exit(main())
