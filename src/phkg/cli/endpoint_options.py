"""The options by which commands are told of a SPARQL store elsewhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from phkg.graph.remote.http import Credentials

PASSWORD, TOKEN = "PHKG_ENDPOINT_PASSWORD", "PHKG_ENDPOINT_TOKEN"  # Names of variables, no secrets.


def address(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The address as it was given, if it can be one of a store; for `callback=`."""
    if value is None:
        return None
    from phkg.graph.remote.http import check_address

    try:
        return check_address(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def credentials(user: str | None) -> Credentials:
    """Whom the store knows: the user given with the password from the environment, or a token from there."""
    from phkg.graph.remote.http import Credentials

    return Credentials(user or "", os.environ.get(PASSWORD, ""), os.environ.get(TOKEN, ""))
