#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Usage: manpages.py options READER | module | words | findings

Hold the manual pages in packaging/man against the program and its source. Each
line that is printed is something that only one of them has; nothing is printed
when they agree. Run in the top folder.
"""
import re
import subprocess
import sys

MAN = 'packaging/man/'
UAPI = 'include/uapi/linux/tcplife.h'


def read(name):
    with open(name) as file:
        return file.read()


def section(page, title):
    """The lines of a section, as .Sh or .Ss has its title, to the next one."""
    lines, kind = [], None
    for line in read(MAN + page).splitlines():
        head = re.match(r'\.(S[hs]) (.*)', line)
        if head and kind and (head[1] == 'Sh' or kind == 'Ss'):
            break
        if head and head[2] == title:
            kind = head[1]
        elif kind:
            lines.append(line)
    if not lines:
        sys.exit(f'{page} has no section {title}')
    return lines


def differ(what, page, program):
    """Tells what only one has."""
    page, program = set(page), set(program)
    for name in sorted(program - page, key=str):
        print(f'{what}: the page lacks {name}')
    for name in sorted(page - program, key=str):
        print(f'{what}: nothing but the page has {name}')


def in_order(what, names):
    if names != sorted(names):
        print(f'{what}: not in the order of the alphabet: {" ".join(names)}')


# Options: an option is (letter or None, long name, value or None).

def help_of(reader, *words):
    return subprocess.run([reader, *words], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def options_of(reader, command):
    """What its --help lists."""
    found = re.findall(r'^  (?:-(\w), |    )--([\w-]+)(?: (\S+))?(?:  .*)?$',
                       help_of(reader, command, '--help'), re.M)
    return {(o[0] or None, o[1], o[2] or None) for o in found}


def commands_of(reader):
    return re.findall(r'^  (\w+) +\S', help_of(reader, 'help'), re.M)


def synopses(page):
    """By command: the options as they are there, ("c", "COUNT")."""
    found, name = {}, None
    for line in section(page, 'SYNOPSIS'):
        cm = re.fullmatch(r'\.(?:Op )?Cm (\w+)', line)
        op = re.fullmatch(r'\.Op Fl (\S+)(?: Ar (\S+))?', line)
        if cm:
            name = cm[1]
            found[name] = set()
        elif op and op[1].startswith('-'):
            found[name].add((op[1][1:], op[2]))
        elif op:
            found[name] |= {(letter, op[2]) for letter in op[1]}
    return found


def items(lines):
    """Options that have an item in a list."""
    found = set()
    for line in lines:
        item = re.fullmatch(r'\.It (?:Fl (\w) , )?Fl -(\S+)(?: Ar (\S+))?',
                            line)
        if item:
            found.add((item[1], item[2], item[3]))
    return found


def short(option):
    """As a synopsis has it: the letter, if there is one."""
    return option[0] or option[1], option[2]


def mentioned(page):
    """All that any line of a page marks as an option."""
    for line in read(MAN + page).splitlines():
        for word in re.findall(r'\bFl (-?[\w-]+)', line):
            yield word[1:] if word[0] == '-' else word


def check_options(reader):
    commands = commands_of(reader)
    takes = {name: options_of(reader, name) for name in commands}
    every = set().union(*takes.values())
    shown = synopses('tcplife.8')
    chapters = re.findall(r'^\.Ss tcplife (\w+)$', read(MAN + 'tcplife.8'),
                          re.M)
    differ('commands of SYNOPSIS', shown, commands + ['help'])
    differ('commands of COMMANDS', chapters, commands + ['help'])
    in_order('SYNOPSIS', list(shown))
    in_order('COMMANDS', chapters)
    for name in commands:
        differ(f'SYNOPSIS of {name}', shown.get(name, ()),
               map(short, takes[name]))
    differ('OPTIONS', items(section('tcplife.8', 'OPTIONS')), every)
    differ('tcplife-doctor.8, SYNOPSIS',
           synopses('tcplife-doctor.8')['doctor'],
           map(short, takes['doctor']))
    differ('tcplife-doctor.8', items(section('tcplife-doctor.8',
                                             'DESCRIPTION')), takes['doctor'])
    known = {name for o in every for name in o if name}
    letters = {o[0] for o in every}
    for word in mentioned('tcplife.8'):
        if word not in known and not set(word) <= letters:
            print(f'tcplife.8 mentions an option {word}')


# The module.

def marked(lines, macro):
    """Words that a macro has, in an item or by itself."""
    for line in lines:
        word = re.match(rf'\.(?:It )?{macro} (\S+)', line)
        if word:
            yield word[1]


def check_parameters():
    source = read('module/main.c')
    text = '\n'.join(section('tcplife.4', 'Parameters'))
    parts = dict(re.findall(r'^\.It Sy (\w+) Ns(.*?)(?=^\.It|^\.El)', text,
                            re.M | re.S))
    names = re.findall(r'^module_param(?:_cb)?\((\w+)', source, re.M)
    differ('Parameters', parts, names)
    for name, about in re.findall(
            r'^MODULE_PARM_DESC\((\w+),\s*"(.*?)"\)', source, re.M):
        for value in re.findall(r'\d{3,}|\b(?:auto|ftrace|kprobe)\b', about):
            if value not in parts.get(name, ''):
                print(f'parameter {name}: the page lacks {value}')


def check_module():
    check_parameters()
    differ('Files', marked(section('tcplife.4', 'Files'), 'It Pa'),
           re.findall(r'^\t\{ "(\w+)", &', read('module/proc.c'), re.M))
    differ('Netlink', marked([line for line in section('tcplife.4', 'Netlink')
                              if line.startswith('.It')], 'Sy'),
           re.findall(r'#define TCPLIFE_MCGRP_\w+\s+"(.*)"', read(UAPI)))
    hooks = '\n'.join(section('tcplife.4', 'Hooks'))
    listed = re.search(r'^\.Bd(.*?)^\.Ed', hooks, re.M | re.S)[1]
    differ('Hooks', marked(listed.splitlines(), 'Sy'),
           re.findall(r'"([\w-]+)", REQUIRED', read('module/hooks.c')))


# The words of a life.

def enum(name, spell):
    """The names of an enum in the exported header, in our spelling."""
    body = re.search(rf'^enum tcplife_{name} {{(.*?)^}};', read(UAPI),
                     re.M | re.S)[1]
    words = re.findall(rf'^\tTCPLIFE_{name.upper()}_(\w+),?', body, re.M)
    words += re.findall(rf'^\tTCPLIFE_{name.upper()}_(\w+) = \d+,', body, re.M)
    return {spell(word) for word in words if word != 'MAX'}


def hyphens(word):
    return '-' if word == 'NONE' else word.lower().replace('_', '-')


def check_words():
    def page(title):
        return set(marked(section('tcplife.7', title), 'It Sy'))

    differ('States', page('States'), enum('state', str))
    differ('ENDS', page('ENDS'), enum('end', hyphens))
    differ('RESETS', page('RESETS'), enum('rst', hyphens))
    differ('TIMEWAIT SOCKETS', page('TIMEWAIT SOCKETS'), enum('tw', hyphens))
    differ('Half-open requests', page('Half-open requests'),
           map(hyphens, re.findall(r'^\t\[TCPLIFE_END_(\w+)\] = \{$',
                                   read('module/halfopen.c'), re.M)))
    meant = re.findall(r'1U << TCPLIFE_END_(\w+)', read('include/tcplife/ends.h'))
    text = ' '.join(section('tcplife.7', 'ENDS')).split('are failures')[0]
    differ('Ends that are no failures', re.findall(r'\.Sy ([\w-]+)', text),
           map(hyphens, set(meant) - {'NONE'}))


def check_findings():
    rules = re.findall(r'^\t\{ "([\w-]+)", "([^"]*)",',
                       read('reader/doctor_rules.c'), re.M)
    page = re.findall(r'^\.It Sy (\S+) No \((.*)\)$',
                      '\n'.join(section('tcplife-doctor.8', 'FINDINGS')), re.M)
    differ('FINDINGS', page, rules)
    if page != rules:
        print('FINDINGS: not in the order of harm')


def main():
    what = sys.argv[1]
    if what == 'options':
        check_options(sys.argv[2])
    else:
        {'module': check_module, 'words': check_words,
         'findings': check_findings}[what]()


main()
