"""One house style: a frame whose unit, source and alternative text follow from the data, and marks that carry doubt."""

from __future__ import annotations

from rvdata.charts import house, marks

frame, colour, palette = house.frame, house.colour, house.palette
LINES, STACKS = house.LINES, house.STACKS
INK, MUTED, REST = house.INK, house.MUTED, house.REST
stacked, span, interval, breaks = marks.stacked, marks.span, marks.interval, marks.breaks
stated, links, grid, SAID = marks.stated, marks.links, marks.grid, marks.SAID
dated, tall = marks.dated, marks.tall
