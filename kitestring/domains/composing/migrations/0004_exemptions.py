import django.db.models.deletion
import kitestring.kit.clock
import kitestring.kit.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('composing', '0003_sequences'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Exemption',
            fields=[
                ('id', models.UUIDField(default=kitestring.kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=40)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('ground', models.CharField(max_length=40)),
                ('reason', models.TextField(blank=True)),
                ('evidence', models.CharField(blank=True, max_length=200)),
                ('evidence_on', models.DateField(blank=True, null=True)),
                ('claimed_at', models.DateTimeField(default=kitestring.kit.clock.now)),
                ('claimed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.member')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exemptions', to='composing.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('post', 'rule', 'words'), name='exemption_once')],
            },
        ),
    ]
