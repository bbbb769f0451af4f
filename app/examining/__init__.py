"""What is done with a document after it has come: scanned, recognised, read, pictured. Never by the web process.

Whatever parses a file runs in a child process with limits (`sandbox`, `child`, `readers`). A file that cannot be
read is kept as it came; there is only no preview of it, with a plain word why.
"""
