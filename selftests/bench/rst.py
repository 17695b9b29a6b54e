# SPDX-License-Identifier: GPL-2.0-only
"""What is written into a document by those who measured it."""


def table(rows):
    """A simple table of reStructuredText, which people can read, too; its first
    row is the head, and its first column may not be empty."""
    width = [max(map(len, column)) for column in zip(*rows)]
    rule = ' '.join('=' * w for w in width)
    lines = [' '.join(cell.ljust(w) for cell, w in zip(row, width)).rstrip()
             for row in rows]
    return [rule, lines[0], rule, *lines[1:], rule, '']


def write_between(path, begin, end, lines):
    """Replace what is between these two lines of a document."""
    before, rest = path.read_text().split(begin + '\n')
    _, after = rest.split(end + '\n')
    path.write_text('\n'.join([before + begin, '', *lines, end, after]))
