"""A person's words over a report, and revisions: a report that was there has been shared as it stood, as revision 1."""

import django.db.models.deletion
from django.db import migrations, models

import kitestring.kit.clock
import kitestring.kit.ids


def share_what_was_there(apps, schema_editor):
    Report = apps.get_model("reports", "Report")
    Revision = apps.get_model("reports", "ReportRevision")
    Answer = apps.get_model("reports", "ReportAnswer")
    for report in Report.objects.iterator():
        # Its file keeps its old name, so that it is still found; what is handed out is printed from the same content.
        revision = Revision.objects.create(
            report=report, number=1, content=report.content, pdf=report.pdf,
            shared_by_id=report.made_by_id, shared_at=report.made_at,
        )
        Answer.objects.filter(report=report).update(revision=revision)


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0001_initial'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.AddField('report', 'words', models.JSONField(blank=True, default=dict)),
        migrations.AddField('report', 'version', models.PositiveIntegerField(default=1)),
        migrations.CreateModel(
            name='ReportRevision',
            fields=[
                ('id', models.UUIDField(default=kitestring.kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('pdf', models.CharField(blank=True, max_length=200)),
                ('shared_at', models.DateTimeField(default=kitestring.kit.clock.now)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='reports.report')),
                ('shared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='report_revision_number')],
            },
        ),
        migrations.AddField(
            'reportanswer', 'revision',
            models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answer', to='reports.reportrevision'),
        ),
        migrations.RunPython(share_what_was_there, migrations.RunPython.noop),
        # What the rows above still have to check, before the table changes its shape in the same transaction.
        migrations.RunSQL('SET CONSTRAINTS ALL IMMEDIATE', migrations.RunSQL.noop),
        migrations.AlterField(
            'reportanswer', 'revision',
            models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='answer', to='reports.reportrevision'),
        ),
        migrations.RemoveField('reportanswer', 'report'),
        migrations.RemoveField('report', 'pdf'),
    ]
