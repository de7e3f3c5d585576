import django.db.models.deletion
from django.db import migrations, models

import kitestring.kit.clock


class Migration(migrations.Migration):

    dependencies = [("channels", "0007_facts")]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("told", models.JSONField()),
                ("came_at", models.DateTimeField(default=kitestring.kit.clock.now)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="arrivals",
                        to="channels.account",
                    ),
                ),
            ],
        ),
    ]
