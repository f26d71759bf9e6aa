"""Letters as PDF files: typesetting, keeping, composing."""
