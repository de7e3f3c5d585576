from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0003_making")]

    operations = [
        migrations.AddField("asset", "looked", models.PositiveSmallIntegerField(default=0, db_default=0)),
    ]
