"""Each post changes its delivery's row twice, and each change writes every index of the row anew: fewer, and with room.

What asks by subject goes by the constraint, which begins with it now; nothing asks by revision. The keys of new rows grow, so
their pages are packed full as they are laid, and each later version of a row had to make room there first.
"""

import django.db.models.deletion
from django.db import migrations, models

WITH_ROOM = (
    "publishing_delivery_pkey",
    "publishing_delivery_key_key",
    "delivery_once",
    "delivery_stands_once",
)


class Migration(migrations.Migration):

    dependencies = [
        ("channels", "0004_apart"),
        ("composing", "0003_sequences"),
        ("publishing", "0010_taken_back"),
        ("workspaces", "0002_ks_now"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="delivery", name="delivery_once"),
        migrations.RemoveIndex(model_name="delivery", name="delivery_subject"),
        migrations.AlterField(
            model_name="delivery",
            name="revision",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="composing.revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("subject_id", "kind", "account", "occurrence"), name="delivery_once"
            ),
        ),
        *(
            migrations.RunSQL(
                f"ALTER INDEX IF EXISTS {name} SET (fillfactor = 35)",
                f"ALTER INDEX IF EXISTS {name} RESET (fillfactor)",
            )
            for name in WITH_ROOM
        ),
    ]
