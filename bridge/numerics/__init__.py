"""The steps of the calculation: arrays in, arrays out."""
