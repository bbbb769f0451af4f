"""How fast the pages are, as a ratio to one plain page in the same run: `make bench`. See docs/performance.md."""
