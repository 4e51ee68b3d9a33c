"""`python -m phkg` is the command `phkg`."""

from phkg.cli import main

if __name__ == "__main__":
    main(prog_name="phkg")
