"""The guided intake request."""
