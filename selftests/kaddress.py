#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Find kernel addresses in files.

    kaddress.py text|binary FILE...

Prints a line for each that is found, and how much was looked at. In text it is
a word of hexadecimal or decimal digits; in binary eight bytes, at each place
that is aligned to four, as netlink aligns. Of x86-64: the direct map, vmalloc,
the array of pages, and what is above them, in other places with
CONFIG_RANDOMIZE_MEMORY, but in one range; the kernel's text and the modules.
"""

import re
import struct
import sys

RANGES = ((0xffff888000000000, 0xfffffdffffffffff),
          (0xffffffff80000000, 0xfffffffffeffffff))
WORD = re.compile(rb'(?<![0-9a-zA-Z])(?:0x)?([0-9a-fA-F]{15,20})'
                  rb'(?![0-9a-zA-Z])')


def is_address(number):
    return any(low <= number <= high for low, high in RANGES)


def in_text(data):
    for match in WORD.finditer(data):
        word = match.group(1)
        numbers = [int(word, 16)] if len(word) <= 16 else []
        if word.isdigit():
            numbers.append(int(word))
        if any(map(is_address, numbers)):
            yield match.start(), word.decode()


def is_head(word):
    """Of a netlink attribute with a number of four or eight bytes."""
    return word & 0xffff in (8, 12) and word >> 16 < 256


def in_binary(data):
    """Behind the head of an attribute is the lower half of a number, a time in
    nanoseconds for one, which may be anything: that is no address."""
    for at in range(0, len(data) - 7, 4):
        number, = struct.unpack_from('<Q', data, at)
        if is_address(number) and not is_head(number & 0xffffffff):
            yield at, '%x' % number


def main():
    look = {'text': in_text, 'binary': in_binary}[sys.argv[1]]
    size = found = 0
    for path in sys.argv[2:]:
        with open(path, 'rb') as file:
            data = file.read()
        size += len(data)
        for at, what in look(data):
            found += 1
            print('%s: %s at %d' % (path, what, at))
    print('%d bytes, %d addresses' % (size, found))
    sys.exit(bool(found))


main()
