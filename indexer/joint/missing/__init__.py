"""Credits that a catalogue lacks: who probably belongs to a title, and which titles a person probably made.

Walks over the graph of credits give candidates, measures of each are ranked by boosted trees. It reads the
whole graph, which no vector of the joint space holds.
"""
