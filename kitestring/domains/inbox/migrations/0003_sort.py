from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("inbox", "0002_counted_at")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="sort",
            field=models.CharField(
                choices=[("comment", "Comment"), ("mention", "Mention"), ("message", "Private message")],
                db_default="comment",
                default="comment",
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="conversation", name="conversation_once"),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                fields=("account", "contact", "sort", "post_remote_id"), name="conversation_once"
            ),
        ),
    ]
