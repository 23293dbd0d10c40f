"""The Gemini engines: the eye of a large model, its every word checked against the pixels."""
