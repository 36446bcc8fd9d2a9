"""Field models alone: what the joint space remembers of each field, and which encodings the table should
declare.
"""
