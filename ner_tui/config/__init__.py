"""What people write in TOML files: their own settings, and lists of labels. Nothing unknown is passed over."""
