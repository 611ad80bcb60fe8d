"""Use cases of the fair: loading and opening an edition, drawing the stands of its halls."""

from salon.fair.engine.layout import NewStand, PlacedStand
from salon.fair.services.floor import (
    add_rows,
    add_stand,
    change_stand,
    changed_stands,
    delete_stand,
    import_stands,
    last_renumbering,
    number_stands,
    save_floor,
    set_hall,
    undo_renumbering,
)
from salon.fair.services.lifecycle import open_edition
from salon.fair.services.loading import load_edition
from salon.fair.services.stands import check_floor, put_rows, put_stands, replace_stands
