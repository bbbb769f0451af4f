"""The imaging timeline of a case: what happened on the way from a request to what was done about the image."""
