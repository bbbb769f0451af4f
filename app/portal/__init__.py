"""The trust's door: what a liaison officer sees and does. No tables: a way of looking, at one's own only.

Drafts, notes, other organisations and the complainant's papers are never read here. What is seen
comes from `policy.visible_…`, and what is done goes through the rooms' own actions.
"""
