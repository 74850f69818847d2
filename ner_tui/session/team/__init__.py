"""Several people at the same texts: whose work is dealt out, compared, adjudicated and merged."""
