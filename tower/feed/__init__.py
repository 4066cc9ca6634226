"""The live feed between a gateway and its desktops.

Two websockets: vehicles are synchronised by version, events are the journal in order. The
protocol is written without sockets and without a clock of its own; drivers are thin.
"""
