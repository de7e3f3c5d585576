import django.db.models.deletion
from django.db import migrations, models

import kitestring.kit.clock


class Migration(migrations.Migration):

    dependencies = [("channels", "0012_grant_doubted")]

    operations = [
        migrations.CreateModel(
            name="AppHook",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("channel", models.SlugField(max_length=40)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("sealed", models.TextField()),
                ("made_at", models.DateTimeField(default=kitestring.kit.clock.now)),
                ("heard_at", models.DateTimeField(blank=True, null=True)),
                (
                    "app_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hooks", to="channels.appkey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("app_key", "channel"), name="app_hook_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="Bell",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="bell",
                        serialize=False,
                        to="channels.account",
                    ),
                ),
                ("rung_at", models.DateTimeField()),
            ],
        ),
    ]
