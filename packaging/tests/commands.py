#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Usage: commands.py list | plan | compare FOLDER

The command lines of README.md, of the manual pages and of those texts in
Documentation/ that packaging/tests/commands.txt has, and what is printed below
them. list holds them against packaging/tests/commands.txt, which says how each
is tried, and the Makefile against those that make. plan prints what the VM is to
run: number, how, command. compare holds what it printed, in FOLDER, against the
texts. Each line of list and compare is a complaint. Run in the top folder.
"""
import difflib
import os
import re
import sys
from glob import glob

LIST = 'packaging/tests/commands.txt'
HOW = ('make', 'demo', 'scene', 'traffic', 'load', 'not')
FLAGS = ('^C', 'heading', 'any', 'run')
# Of a block in README.md that is code, but not typed: ```yaml
CONSOLE = ('', 'sh', 'bash', 'console', 'shell')


class Command:
    """A line that a reader would type, and what the text says that it prints.
    shown is None where that is not shown."""

    def __init__(self, text, line):
        self.text, self.line = text, line
        self.lines = []
        self.how, self.status, self.words = None, 0, ()

    @property
    def shown(self):
        lines = list(self.lines)
        while lines and not lines[-1].strip():
            lines.pop()
        return lines or None


def blocks_of_readme(text):
    """(number of its first line, lines) of what is typed, and whether each line
    of it is a command."""
    block, fence, begin = [], None, 0
    for n, line in enumerate(text.splitlines() + [''], 1):
        if line.startswith('```'):
            if fence is None:
                fence, block, begin = line[3:].strip(), [], n + 1
                continue
            if fence in CONSOLE:
                yield begin, block, False
            fence = None
        elif fence is not None:
            block.append(line)
        elif line.startswith('    '):
            yield n, [line[4:]], True


def blocks_of_page(text):
    """The same of the literal displays in EXAMPLES."""
    inside, block = False, None
    for n, line in enumerate(text.splitlines(), 1):
        if line.startswith('.Sh '):
            inside = line == '.Sh EXAMPLES'
        elif inside and re.match(r'\.(Bd|Dl|D1) ?', line):
            if not line.startswith('.Bd -literal'):
                yield n, ['?' + line], False
            block, begin = [], n + 1
        elif inside and line == '.Ed':
            yield begin, block, False
            block = None
        elif block is not None:
            block.append(line.replace('\\e', '\\').replace('\\&', ''))


def blocks_of_text(text):
    """The same of literal blocks that begin with a command. In others are
    columns, drawings, programs."""
    lines = text.splitlines()
    for n, line in enumerate(lines):
        if not line.endswith('::') or lines[n + 2][:4] != '  # ':
            continue
        block = []
        for inner in lines[n + 2:]:
            if inner and not inner.startswith('  '):
                break
            block.append(inner[2:])
        yield n + 3, block, False


def unfinished(command):
    """The next line belongs to it, too."""
    return command.endswith(('|', '\\')) or command.count("'") % 2


def commands_of_block(begin, block, bare):
    """Complains about a block in which nobody types anything."""
    commands, goes_on = [], False
    for n, line in enumerate(block, begin):
        if goes_on:
            text = commands[-1].text.removesuffix('\\').rstrip()
            commands[-1].text = text + ' ' + line.strip()
        elif bare or line.startswith(('# ', '$ ')):
            text = line if bare else line[2:]
            text = re.sub(r'  +\(.*\)$', '', text).strip()
            commands.append(Command(text, n))
        elif commands:
            commands[-1].lines.append(line)
        else:
            commands.append(Command('?' + line, n))
        goes_on = unfinished(commands[-1].text)
    return commands


def commands_of(name):
    with open(name) as file:
        text = file.read()
    find = {'.md': blocks_of_readme, '.rst': blocks_of_text}.get(
        os.path.splitext(name)[1], blocks_of_page)
    return [c for block in find(text) for c in commands_of_block(*block)]


def read_list():
    """By file: (how, command) in their order."""
    found, lines = {}, None
    with open(LIST) as file:
        for line in file:
            line = line.rstrip('\n')
            if line.startswith('['):
                lines = found[line[1:-1]] = []
            elif line and not line.startswith('#'):
                lines.append(line.split('\t', 1))
    return found


def mark(command, words):
    """How it is tried, with what is after the comma."""
    command.how, command.words = words[0], words[1:]
    for word in words[1:]:
        if word.isdigit():
            command.status = int(word)


def wants_reason(words):
    return words[0] == 'not' or 'run' in words


def parted(how, text):
    """The command, which may have a -- of its own, and the reason."""
    if not wants_reason(how.split(',')):
        return text.strip(), ''
    text, _, why = text.rpartition(' -- ')
    return text.strip(), why


def known(command, how, text):
    """Complains about what the list says of it."""
    text, why = parted(how, text)
    words = how.split(',')
    if words[0] not in HOW:
        yield f'{LIST}: "{text}": what is {words[0]}?'
        return
    for word in words[1:]:
        if word not in FLAGS and not word.isdigit():
            yield f'{LIST}: "{text}": what is {word}?'
    if wants_reason(words) and not why:
        yield f'{LIST}: no reason not to run "{text}", or not to compare'
    mark(command, words)


def matched(name, listed):
    """(command, entry of the list) in their order, with None for what only one
    of them has."""
    commands = commands_of(name)
    texts = [parted(how, text)[0] for how, text in listed]
    for tag, a, b, c, d in difflib.SequenceMatcher(
            None, [command.text for command in commands], texts,
            autojunk=False).get_opcodes():
        if tag == 'equal':
            yield from zip(commands[a:b], listed[c:d])
            continue
        yield from ((command, None) for command in commands[a:b])
        yield from ((None, entry) for entry in listed[c:d])


def everything():
    """All commands that the list knows, and complaints."""
    found, wrong = [], []
    for name, listed in read_list().items():
        for command, entry in matched(name, listed):
            if command is None:
                wrong.append(f'{LIST}: {name} has, at its place, no '
                             f'"{entry[1]}"')
                continue
            command.where = f'{name}:{command.line}'
            if entry is None:
                wrong.append(f'{command.where}: {LIST} lacks, at its place, '
                             f'"{command.text}"')
                continue
            wrong += known(command, *entry)
            found.append(command)
    return found, wrong


def targets_of(command):
    """What make is told to make."""
    return [word for word in command.split()[1:]
            if '=' not in word and not word.startswith('-')]


def check_make(commands):
    """The Makefile has what they make, and what is `made` in the text."""
    with open('Makefile') as file:
        targets = set(re.findall(r'^([a-z-]+\d*):', file.read(), re.M))
    told = [(c.where, c.text) for c in commands if c.how == 'make']
    for name in ['README.md', *glob('Documentation/*.rst')]:
        with open(name) as file:
            text = re.sub(r'\s+', ' ', file.read())
        told += [(name, command) for command in
                 re.findall(r'`(make [ A-Za-z0-9_=/-]*)`', text)]
    for where, command in told:
        for target in targets_of(command):
            if target not in targets:
                yield f'{where}: the Makefile has no {target}'


def pages_listed():
    """A page that the list has forgotten is one that nobody tries."""
    listed = read_list()
    for name in ['README.md'] + sorted(glob('packaging/man/*.[0-9]')):
        if name not in listed:
            yield f'{LIST}: nothing about {name}'


# What is printed, without what differs from run to run.

SPAN = r'(?:\d+m\d\ds|\d+h\d\dm|\d+(?:\.\d+)? ?(?:us|ms|s)\b)'
KINDS = (
    # date and time of day, bars of queues, arrows of ladders
    (r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+', 'DATE'),
    (r'\[[-# ]{8,}\]', '[BAR]'),
    (r'-{3,}', '---'),
    (r'\.{4,}', '...'),
    # cookies, where they are
    (r'\b(connection|listener|show|oldest is) [0-9a-f]+(\.\d+)?\b',
     r'\1 COOKIE'),
    (r'^[0-9a-f]+ (?=\S+ (local|remote|both|-) \S+ \S+ \d+ \d+ \S+$)',
     'COOKIE '),
    # spans of time; the longest wait may be less than the bucket's end
    (SPAN, 'TIME'),
    (r'(< |up to )TIME', 'BELOW TIME'),
    # addresses are kept, ports and numbers are not
    (r'\b(\d+(?:\.\d+){3}):\d+\b', r'\1:PORT'),
    (r'(?<![\w.])\d+\.\d+\b(?!\.\d)', 'N.N'),
    (r'(?<![\w.-])\d+\b(?!\.\d)', 'N'),
)


def normal(line):
    line = ' '.join(line.split())
    for pattern, kind in KINDS:
        line = re.sub(pattern, kind, line)
    return line


def normals(lines, command):
    """As lines, or as words where the text breaks them elsewhere. Those who
    follow are told by each CPU in turn, so that lines change places."""
    lines = [normal(line) for line in lines]
    if 'heading' in command.words:
        return lines[:1]
    if 'any' in command.words:
        return sorted(filter(None, lines))
    while lines and not lines[-1]:
        lines.pop()
    if re.search(r'tcplife doctor$', command.text):
        return [normal(p) for p in re.split(r'(?=\* |-> |looked at )',
                                            ' '.join(lines))]
    if lines and lines[-1].startswith('tcplife: N records seen'):
        return lines[:1] + sorted(lines[1:])
    return lines


def called(command):
    """By whatever path, and with whatever cookie."""
    return normal(command.removeprefix('build/'))


def blocks_of_demo(text):
    """By command, with its cookie left out: what scripts/demo printed."""
    found, name = {}, None
    for line in text.splitlines():
        if line.startswith('# '):
            name = called(re.sub(r'  +\(.*\)$', '', line[2:]))
            found[name] = []
        elif name:
            found[name].append(line)
    return found


def until_told(lines):
    """After what a reader that follows says in the end the demo explains it."""
    for i, line in enumerate(lines):
        if re.match(r'tcplife: \d+ records seen', line):
            return lines[:i + 1]
    return lines


def differences(command, printed):
    if 'run' in command.words:
        return
    want = normals(command.shown, command)
    got = normals(printed, command)
    if want == got:
        return
    yield f'{command.where}: "{command.text}" prints something else'
    yield from (f'    shown:   {line}' for line in want if line not in got)
    yield from (f'    printed: {line}' for line in got if line not in want)
    if sorted(want) == sorted(got):
        yield '    in another order'


def compare(folder):
    with open(f'{folder}/demo.out') as file:
        demo = blocks_of_demo(file.read())
    for n, command in enumerate(everything()[0]):
        if command.how in ('make', 'not'):
            continue
        if command.how == 'demo':
            printed = demo.get(called(command.text))
            if printed is None or command.shown is None:
                yield f'{command.where}: scripts/demo has no "{command.text}"'
                continue
            yield from differences(command, until_told(printed))
            continue
        try:
            with open(f'{folder}/{n}.status') as file:
                status = int(file.read())
            with open(f'{folder}/{n}.out') as file:
                printed = file.read().splitlines()
        except FileNotFoundError:
            yield f'{command.where}: "{command.text}" was not run'
            continue
        if status != command.status:
            yield (f'{command.where}: "{command.text}" ended with {status}: '
                   + ' / '.join(printed[-3:]))
        elif command.shown:
            yield from differences(command, printed)


def plan():
    for n, command in enumerate(everything()[0]):
        if command.how in ('scene', 'traffic', 'load'):
            how = command.how + (',^C' if '^C' in command.words else '')
            yield f'{n}\t{how}\t{command.text}'


def main():
    if sys.argv[1] == 'list':
        commands, wrong = everything()
        wrong += list(pages_listed()) + list(check_make(commands))
        print(*wrong, sep='\n', end='\n' if wrong else '')
    elif sys.argv[1] == 'plan':
        print(*plan(), sep='\n')
    else:
        for line in compare(sys.argv[2]):
            print(line)


main()
