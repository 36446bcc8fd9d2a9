"""MetaQA: its knowledge base as a catalogue of its own, its questions through the same assistant."""
