"""What readers see: values in, text out. Pure; the only place where sentences are made."""
