"""Regions, road graph and travel times.

`tower.road.pack` opens a region pack, `tower.road.importing` makes one from
OpenStreetMap; `tower.road.engine` is the routing port and the straight-line
estimate, `tower.road.road_engine` the engines that know roads.
"""
