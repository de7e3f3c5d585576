from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('composing', '0002_saved_tab'),
    ]

    operations = [
        migrations.AddField(
            model_name='variant',
            name='first_comment',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='variant',
            name='numbered',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='variant',
            name='sequence',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
