"""One page of every kind, in both languages; `SAMPLE` is what the browser looks at, too."""

KINDS = {
    "start": {"sv": "/sv/", "en": "/en/"},
    "matrix": {"sv": "/sv/oversikt/", "en": "/en/overview/"},
    "matrix-narrowed": {"sv": "/sv/oversikt/?area=pharmacogenetics", "en": "/en/overview/?area=pharmacogenetics"},
    "compare": {"sv": "/sv/jamfor/?a=skane&b=stockholm", "en": "/en/compare/?a=skane&b=stockholm"},
    "compare-empty": {"sv": "/sv/jamfor/", "en": "/en/compare/"},
    "region-brief": {"sv": "/sv/regioner/skane/?show=brief", "en": "/en/regions/skane/?show=brief"},
    "method": {"sv": "/sv/metoder/opt-psa-mri/", "en": "/en/methods/opt-psa-mri/"},
    "treatment": {"sv": "/sv/metoder/car-t-cell-therapy/", "en": "/en/methods/car-t-cell-therapy/"},
    "region": {"sv": "/sv/regioner/skane/", "en": "/en/regions/skane/"},
    "healthcare-region": {"sv": "/sv/regioner/samverkansregion-norra/", "en": "/en/regions/samverkansregion-norra/"},
    "organisation": {"sv": "/sv/organisationer/gms/", "en": "/en/organisations/gms/"},
    "gene": {"sv": "/sv/gener/dpyd/", "en": "/en/genes/dpyd/"},
    "source": {
        "sv": "/sv/kallor/dn-organiserade-prostatacancertest-baddar-for/",
        "en": "/en/sources/dn-organiserade-prostatacancertest-baddar-for/",
    },
    "list": {"sv": "/sv/indikationer/", "en": "/en/indications/"},
    "statements": {"sv": "/sv/inforanden/?method=opt-psa-mri", "en": "/en/implementations/?method=opt-psa-mri"},
    "search": {"sv": "/sv/sok/?q=prostata", "en": "/en/search/?q=prostate"},
    "vocabulary": {"sv": "/sv/vokabular/", "en": "/en/vocabulary/"},
    "unknown": {"sv": "/sv/vad-vi-inte-vet/", "en": "/en/what-we-do-not-know/"},
    "governance": {"sv": "/sv/styrning/", "en": "/en/governance/"},
    "act": {"sv": "/sv/program/grant-2021-2023-gms-total/", "en": "/en/programmes/grant-2021-2023-gms-total/"},
    "guidance": {"sv": "/sv/lakemedel-och-gener/", "en": "/en/drugs-and-genes/"},
    "guidance-search": {"sv": "/sv/lakemedel-och-gener/?q=kapecitabin", "en": "/en/drugs-and-genes/?q=capecitabine"},
    "drug": {"sv": "/sv/lakemedel/capecitabine/", "en": "/en/drugs/capecitabine/"},
    "recommendation": {"sv": "/sv/rekommendationer/dpyd-capecitabine/", "en": "/en/recommendations/dpyd-capecitabine/"},
    "indication": {"sv": "/sv/indikationer/prostate-cancer/", "en": "/en/indications/prostate-cancer/"},
    "queries": {"sv": "/sv/fragor/", "en": "/en/queries/"},
}
MISSING = {"sv": "/sv/metoder/finns-inte/", "en": "/en/methods/not-there/"}
PATHS = [path for languages in KINDS.values() for path in languages.values()]
