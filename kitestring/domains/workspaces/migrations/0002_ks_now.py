"""The database's clock: the only source of "now" in our SQL, movable in test databases alone."""

from django.db import migrations

CREATE = """
CREATE FUNCTION ks_now() RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE moved text := nullif(current_setting('kitestring.clock_offset', true), '');
BEGIN
    IF moved IS NULL THEN
        RETURN clock_timestamp();
    END IF;
    IF current_database() NOT LIKE 'test\\_%' THEN
        RAISE EXCEPTION 'kitestring.clock_offset may only be set in a test database';
    END IF;
    RETURN clock_timestamp() + moved::interval;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION ks_now()")]
