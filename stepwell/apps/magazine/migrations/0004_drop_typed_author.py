from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("magazine", "0003_make_authors_of_names")]

    operations = [migrations.RemoveField(model_name="articlepage", name="author")]
