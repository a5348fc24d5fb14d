"""The clock: one process that looks every minute at what is late by now.

It is not a thread of the web server. A web server runs several processes, and each would bring
a scheduler of its own; APScheduler knows no lock between processes, and a server that is
restarted for a new page would forget what it was about to do. So it is a process of its own
that remembers nothing: what is due stands in the database, one tick sweeps it, and a tick that
was missed is made up for by the next. Any number of these processes may run; the database
takes each flag once (docs/reliability.md).

Holds no rule and no arithmetic of days: those are in `rules` and `handoffs`.
"""
