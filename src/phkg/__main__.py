"""`python -m phkg` is the command `phkg`."""

from phkg.cli import main

main(prog_name="phkg")
