"""Segmentation: raw text cut into tokens and sentences."""
