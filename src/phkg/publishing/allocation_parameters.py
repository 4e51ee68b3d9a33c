"""What may follow the question mark of the page that shares a sum: the models, the sum, and every weight and figure of the models by name."""

from __future__ import annotations

from phkg.publishing.parameters import Parameter
from phkg.views.allocation import CHOSEN, MOST_YEARS, YEARS, decimal
from phkg.views.allocation_model import ModelRecord
from phkg.views.choices import concepts_of
from phkg.views.reader import Reader, slug
from phkg.vocabulary import ph

MOST = 10**12


def of_allocation(reader: Reader, models: tuple[ModelRecord, ...]) -> tuple[Parameter, ...]:
    """All parameters; weights are named by model and weight, figures by `values`, model and component."""
    slugs = tuple(one.slug for one in models)
    regions, areas = tuple(slug(one) for one in reader.site.regions), tuple(slug(one) for one in concepts_of(reader, ph.ClinicalArea))
    found = [Parameter(name, "choice", "A model to share by.", slugs[0] if slugs else "", slugs) for name in CHOSEN]
    found += [
        Parameter("budget", "whole", "The sum of one year, in kronor.", "80000000", least=1, most=MOST),
        Parameter("years", "whole", "How many years.", str(YEARS), least=1, most=MOST_YEARS),
        Parameter("area", "choice", "Count gaps only in methods of this clinical area.", areas[0] if areas else "", areas),
        Parameter("region", "choice", "The region that is wished an amount.", regions[0] if regions else "", regions),
        Parameter("amount", "whole", "The amount that the region is wished, in kronor.", "1000000", most=MOST),
        Parameter("fixed", "decimal", "Assumed cost of introducing a method in a region, in kronor.", "2000000", most=MOST),
        Parameter("per-head", "decimal", "Assumed cost of a method a year for each inhabitant, in kronor.", "2", most=MOST),
    ]
    for model in models:
        for name, weight in model.weights.items():
            about = f"{weight.label.value}, in the model {model.slug}."
            found.append(Parameter(name, "decimal", about, decimal(weight.default or weight.least), least=float(weight.least), most=float(weight.most)))
        found += [
            Parameter(
                one.figures,
                "text",
                f"{one.label.value}, in the model {model.slug}: one region and its figure a line.",
                f"{regions[0] if regions else 'region'} 1.0",
            )
            for one in model.components
            if one.figures
        ]
    return tuple(found)
