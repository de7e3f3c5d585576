import django.db.models.deletion
from django.db import migrations, models

import kitestring.kit.clock


class Migration(migrations.Migration):

    dependencies = [("channels", "0013_app_hook")]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="subscription",
                        serialize=False,
                        to="channels.account",
                    ),
                ),
                ("since", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("params", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=kitestring.kit.clock.now)),
            ],
        ),
    ]
