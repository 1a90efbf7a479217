"""WordPress exports (WXR) into drafts of the magazine."""
