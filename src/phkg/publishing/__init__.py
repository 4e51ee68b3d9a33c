"""The views as pages over HTTP: addresses, languages, templates, headers."""
