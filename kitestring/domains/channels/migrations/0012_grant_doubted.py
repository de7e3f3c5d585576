from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0011_asked")]

    operations = [
        migrations.AddField(
            model_name="storedgrant",
            name="doubted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
