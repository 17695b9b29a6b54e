#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Usage: htmllinks.py FOLDER

Each link in the pages of FOLDER that leads to no page there, or to no place in
it, on a line; and each page that index.html does not lead to.
"""
import glob
import os
import sys
import urllib.parse
from html.parser import HTMLParser

# Made by Sphinx, not from a text.
OWN = {'genindex.html', 'search.html', 'index.html'}


class Page(HTMLParser):
    def __init__(self, name):
        super().__init__()
        self.ids, self.links = {''}, []
        with open(name) as file:
            self.feed(file.read())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if 'id' in attrs:
            self.ids.add(attrs['id'])
        if tag == 'a' and attrs.get('href'):
            self.links.append(attrs['href'])


def main():
    os.chdir(sys.argv[1])
    pages = {name: Page(name) for name in glob.glob('*.html')}
    reached = set(OWN)
    for name, page in sorted(pages.items()):
        for href in page.links:
            link = urllib.parse.urlparse(href)
            if link.scheme:
                continue
            to = link.path or name
            if name == 'index.html':
                reached.add(to)
            place = urllib.parse.unquote(link.fragment)
            if to not in pages and not os.path.exists(to):
                print(f'{name}: no page for {href}')
            elif to in pages and place not in pages[to].ids:
                print(f'{name}: no place for {href}')
    for name in sorted(set(pages) - reached):
        print(f'index.html does not lead to {name}')


main()
