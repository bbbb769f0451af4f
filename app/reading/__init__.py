"""Documents read page by page beside the work, searched, and cited: a page, several, or a region of one."""
