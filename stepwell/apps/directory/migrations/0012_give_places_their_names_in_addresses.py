from django.db import migrations

from stepwell.lib.slugs import slug_of

BATCH = 2_000


def give_names(apps, schema_editor):
    """Fill the names of the places that were there before the column was."""
    places = apps.get_model("directory", "Place").objects
    some = []
    for place in places.filter(slug="").only("town", "region").iterator(BATCH):
        place.slug = slug_of(place.town, place.region)[:170]
        some.append(place)
        if len(some) == BATCH:
            places.bulk_update(some, ["slug"])
            some = []
    places.bulk_update(some, ["slug"])


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0011_names_of_towns_in_addresses'),
    ]

    operations = [migrations.RunPython(give_names, migrations.RunPython.noop)]
