"""Run the revisions on the connection `storage.schema.migrate` holds, inside its transaction."""

import logging

from alembic import context

logging.getLogger("alembic").setLevel(logging.WARNING)

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
