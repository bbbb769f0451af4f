"""Where people complain to us themselves: a form without an account, with save and return, and on paper.

Answers wait on the server until they are sent, and are then a complaint like any other. Until then they are
no casework: nobody in the office reads them. Whoever knows a reference knows no more than that.
"""
