# SPDX-License-Identifier: GPL-2.0-only
"""
How Sphinx makes HTML of this folder: `make htmldocs`. The directive kernel-doc
is the kernel's own, which scripts/htmldocs gets out of Debian's source package.
"""
import os
import re
import sys

from docutils import nodes
from sphinx.transforms import SphinxTransform

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOLS = os.path.join(TOP, 'build', 'sphinx')
sys.path.insert(0, TOOLS)


project = 'tcplife'
# There is one place for the version.
with open(os.path.join(TOP, 'include/tcplife/version.h')) as header:
    version = release = re.search(r'"([^"]+)"', header.read()).group(1)
extensions = ['kerneldoc']
kerneldoc_bin = os.path.join(TOOLS, 'kernel-doc')
kerneldoc_srctree = TOP
kerneldoc_verbosity = 1
master_doc = 'index'
highlight_language = 'none'
smartquotes = False
html_theme = 'alabaster'
html_theme_options = {'page_width': 'min(70em, 96%)',
                      'sidebar_width': '14em'}
html_show_copyright = False
html_copy_source = False


class LinkTexts(SphinxTransform):
    """
    These texts name each other by file, as "proc.rst", so that they can be read
    as they are, and link so. In HTML both have to lead to the page.
    """
    default_priority = 999

    def page(self, match):
        """Its reference, or None for what is no text of ours."""
        if match.group(1) not in self.env.found_docs:
            return None
        return nodes.reference(match.group(0), match.group(0),
                               internal=True, refuri=match.group(1) + '.html')

    def link(self, text):
        """What takes the place of a text, in pieces."""
        done = 0
        for match in re.finditer(r'\b([a-z]+)\.rst\b', text):
            page = self.page(match)
            if page is None:
                continue
            yield nodes.Text(text[done:match.start()])
            yield page
            done = match.end()
        yield nodes.Text(text[done:])

    def apply(self, **kwargs):
        for ref in self.document.findall(nodes.reference):
            ref['refuri'] = re.sub(r'^([a-z]+)\.rst\b', r'\1.html',
                                   ref.get('refuri', '')) or None
            if ref['refuri'] is None:
                del ref['refuri']
        for text in list(self.document.findall(nodes.Text)):
            around = text.parent
            if '.rst' not in text or isinstance(
                    around, (nodes.reference, nodes.literal_block)):
                continue
            around.replace(text, list(self.link(str(text))))


def setup(app):
    """Called by Sphinx."""
    app.add_transform(LinkTexts)
