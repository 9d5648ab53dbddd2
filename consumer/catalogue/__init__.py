"""The sink of the catalogue: releases, tracks, marks and sums of one batch, in the region's database."""
