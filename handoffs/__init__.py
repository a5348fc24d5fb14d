"""The record: who is in hospital, what was decided, what must be passed on, and what was.

A handoff is one thing that one party must pass to another by a time. It is
opened because a region's agreement says so (`assessment`), sent and confirmed
by people (`handoff`), flagged by the clock when it is late (`missed`) and
counted at the end of the month (`rates`).

One noun, one file: its table, its questions, its verbs. Verbs take a session,
the acting person and the moment; they never commit and never read a clock.
Every question for a person's data takes the actor (`access`).

- `admission.admit` takes in an admission; `assessment.assess` decides about it.
- `discharge.plan_discharge` moves the planned date; `discharge.discharge` ends the stay.
- `discharge_undo` takes a discharge back, `leave_taking` lets somebody be away for a while.
- `correction.correct` puts a registration right, `cancellation.cancel` takes it off every list.
- `transfer.take_over` takes in whom another hospital sent: one episode, two stays.
- `handoff.send`, `confirm`, `waive` pass a handoff on.
- `statement.state_contact` writes down what one side says took place.
- `missed.flag_overdue` sweeps what is late; `rates.of_month` counts.
"""
