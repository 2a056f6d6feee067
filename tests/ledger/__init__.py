"""Memberships in a warehouse, and their history."""
