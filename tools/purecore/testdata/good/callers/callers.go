package callers
