"""How Alembic reaches the database: the caller hands over an open engine.

There is no alembic.ini and no second place that knows the address.
"""

from alembic import context

from handoffs.schema import METADATA

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
