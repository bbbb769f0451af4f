"""Urgent health risks: raised with one press of a button, and a manager’s until they say that they know."""
