"""An attempt is written before each call and closed after it: what that costs is paid by every post."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("publishing", "0005_sequences")]

    operations = [
        migrations.AlterField(
            model_name="attempt",
            name="delivery",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tries",
                to="publishing.delivery",
            ),
        ),
        # Room beside each row for its next version: closing an attempt, or a lane's next turn, then touches no index.
        migrations.RunSQL(
            "ALTER TABLE publishing_attempt SET (fillfactor = 60)",
            "ALTER TABLE publishing_attempt RESET (fillfactor)",
        ),
        migrations.RunSQL(
            "ALTER TABLE publishing_lane SET (fillfactor = 30)", "ALTER TABLE publishing_lane RESET (fillfactor)"
        ),
    ]
