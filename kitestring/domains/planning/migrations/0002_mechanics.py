from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='kind',
            field=models.CharField(blank=True, choices=[('draw', 'A prize draw'), ('test', 'A quiz or fortune test'), ('other', 'Something else')], db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='campaign',
            name='share_gate',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='campaign',
            name='follow_gate',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
