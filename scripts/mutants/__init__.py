"""Breaks rules and engines at random places, and says which breaks no test notices.

A mutant is the code with one operator of cosmic-ray applied once: `<` becomes `<=`, a number grows
by one, a `raise` goes. All tests are collected once; each mutant is grafted on the functions and
constants of a forked process, which runs the tests of its feature, nearest ones first, until a test
fails or its processor time is used up. The files of the checkout are not touched. The same seed
draws the same mutants of the same code.
"""
