"""The independent witness: what a document holds and what a package holds, each read by code that shares nothing with
the code that repairs, lowers, generates and finishes.
"""
