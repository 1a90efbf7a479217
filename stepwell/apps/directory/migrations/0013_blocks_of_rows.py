# Rows are made anew by `stepwell index`, which has to be run once after this migration.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0012_give_places_their_names_in_addresses'),
    ]

    operations = [
        migrations.CreateModel(
            name='RowBlock',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('area', models.PositiveIntegerField()),
                ('kind', models.PositiveSmallIntegerField()),
                ('many', models.PositiveIntegerField()),
                ('stamp', models.BigIntegerField()),
                ('packed', models.BinaryField()),
            ],
            options={
                'indexes': [models.Index(fields=['area', 'kind', 'many', 'stamp'], name='directory_rowblock_area')],
            },
        ),
        migrations.DeleteModel(name='AfarRow'),
        migrations.RemoveIndex(model_name='listingrow', name='directory_row_c4'),
        migrations.RemoveIndex(model_name='listingrow', name='directory_row_c5'),
        migrations.RemoveIndex(model_name='listingrow', name='directory_row_c7'),
        migrations.RemoveIndex(model_name='listingrow', name='directory_row_kind'),
        migrations.RemoveIndex(model_name='listingrow', name='directory_row_place'),
        migrations.RemoveField(model_name='listingrow', name='c4'),
        migrations.RemoveField(model_name='listingrow', name='c7'),
        migrations.AddField(
            model_name='listingrow',
            name='afar',
            field=models.TextField(blank=True),
        ),
    ]
