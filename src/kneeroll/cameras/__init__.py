"""Where pictures come from: clips on disk, pictures from the page, the sample person."""
