"""The demonstration office: fictional organisations, people and cases, and a clock that can be moved.

Only where `OFFICE=demonstration`. The cases are made by the product's own actions, in the order
in which they would have happened, so what they show is what the product does.
"""
