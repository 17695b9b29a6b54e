#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Usage: complete.py bash|zsh PROGRAM-FOLDER LINE...

What a shell offers to complete each LINE with: it runs on a terminal of its own,
with our completion loaded and PROGRAM-FOLDER first in PATH, and is sent the LINE and
the key that lists. Prints a line for each, the words that it showed.
"""
import os
import pathlib
import pty
import re
import select
import sys
import time

COMPLETION = pathlib.Path(__file__).resolve().parent.parent / "completion"
PROMPT = "@@@"
LIMIT = 60

SETUP = {
    "bash": f"""
        PS1='{PROMPT}'; PS2=''; unset PROMPT_COMMAND HISTFILE
        bind 'set enable-bracketed-paste off'
        bind 'set page-completions off'
        bind 'set completion-query-items -1'
        bind 'set completion-display-width 0'
        bind '"\\C-t": possible-completions'
        . {COMPLETION}/tcplife.bash""",
    "zsh": f"""
        PS1='{PROMPT}'; RPS1=''; unsetopt PROMPT_SP PROMPT_CR
        unset zle_bracketed_paste; LISTMAX=100000
        fpath=({COMPLETION} $fpath); autoload -U compinit; compinit -u -D
        zstyle ':completion:*' list-packed no
        zstyle ':completion:*' list-separator '--'
        bindkey '^T' list-choices""",
}
ARGV = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}


class Shell:
    def __init__(self, name, folder):
        self.name = name
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.environ.update(TERM="xterm", COLUMNS="200", LINES="500",
                              LC_ALL="C.UTF-8",
                              PATH=f"{folder}:{os.environ['PATH']}")
            os.execvp(ARGV[name][0], ARGV[name])
        self.count = 0
        self.send("stty cols 200 rows 500 -echo\r")
        for line in SETUP[name].strip().splitlines():
            self.send(line.strip() + "\r")
        self.sync()

    def send(self, text):
        os.write(self.terminal, text.encode())

    def read(self, pattern):
        """What comes until the pattern does."""
        text, end = "", time.monotonic() + LIMIT
        while not re.search(pattern, text):
            if not select.select([self.terminal], [], [],
                                 max(0, end - time.monotonic()))[0]:
                sys.exit(f"{self.name} said nothing more than {text!r}")
            text += os.read(self.terminal, 65536).decode(errors="replace")
        return text

    def sync(self):
        """What came before the answer to a question that has just one."""
        self.count += 1
        self.send(f"echo $((1000 + {self.count}))-done\r")
        return self.read(f"{1000 + self.count}-done[^@]*{PROMPT}")

    def complete(self, line):
        self.send(line + "\x14")
        # The list is complete when what was typed is shown again; a key that
        # only clears the line comes after it.
        self.send("\x15")
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|[\x07\r]", "\n",
                      re.sub(r".\x08", "", self.sync()))
        return offered(text, line.strip())


def offered(text, typed):
    """The words of each line before its explanation, but for what was typed."""
    words = []
    for line in text.splitlines():
        if PROMPT in line or "-done" in line or line.startswith(typed):
            continue
        words += line.split(" -- ")[0].split()
    return sorted(set(words))


def main():
    shell = Shell(sys.argv[1], sys.argv[2])
    for line in sys.argv[3:]:
        print(" ".join(shell.complete(line)))


main()
