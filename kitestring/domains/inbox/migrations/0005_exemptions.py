from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0004_deeds'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='exemptions',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
    ]
