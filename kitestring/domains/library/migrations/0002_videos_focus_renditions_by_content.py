import django.core.validators

from django.db import migrations, models


WITHIN = [django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(1.0)]

# A rendition is kept by the content it was made from: of several brands that have the same file the first one's stays.
BY_CONTENT = """
UPDATE library_rendition r SET source = a.sha256 FROM library_asset a WHERE a.id = r.asset_id;
DELETE FROM library_rendition r USING library_rendition o
WHERE o.source = r.source AND o.recipe = r.recipe AND (o.made_at, o.id) < (r.made_at, r.id);
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]

    operations = [
        migrations.AddField("asset", "duration", models.FloatField(default=0.0, db_default=0.0)),
        migrations.AddField("asset", "codecs", models.CharField(max_length=80, blank=True, default="", db_default="")),
        migrations.AddField("asset", "tells", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("asset", "moving", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("asset", "focus_x", models.FloatField(default=0.5, db_default=0.5, validators=WITHIN)),
        migrations.AddField("asset", "focus_y", models.FloatField(default=0.5, db_default=0.5, validators=WITHIN)),
        migrations.AddIndex("asset", models.Index(fields=["sha256"], name="asset_content")),
        migrations.AddField("rendition", "duration", models.FloatField(default=0.0, db_default=0.0)),
        migrations.AddField("rendition", "source", models.CharField(max_length=64, default=""), preserve_default=False),
        migrations.RemoveConstraint("rendition", "rendition_once"),
        migrations.RunSQL(BY_CONTENT, migrations.RunSQL.noop),
        migrations.RemoveField("rendition", "asset"),
        migrations.AddConstraint(
            "rendition", models.UniqueConstraint(fields=["source", "recipe"], name="rendition_once")
        ),
    ]
