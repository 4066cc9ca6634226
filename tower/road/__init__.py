"""Regions, road graph and travel times.

`tower.road.pack` opens a region pack, `tower.road.importing` makes one from
OpenStreetMap; `tower.road.engine` is the routing port and the straight-line
estimate, `tower.road.road_engine` the engine on a region's roads, `tower.road.osrm`
and `tower.road.valhalla` those behind HTTP; `tower.road.region_engine` puts one of
them and an estimate together.
"""
