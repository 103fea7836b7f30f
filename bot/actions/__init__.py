"""Custom actions, one module per use case, thin: read slots, call one use case in casework, name one response."""
