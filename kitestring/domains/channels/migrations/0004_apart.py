from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("channels", "0003_hook")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="apart",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
