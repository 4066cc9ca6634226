"""Carriers and outreach channels, a folder each; the core treats ours like anyone's."""
