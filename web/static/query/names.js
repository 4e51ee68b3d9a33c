// What things are called and where this site shows them: terms from a file made with the data, records by asking for their names.

const RECORD = /^[A-Za-z0-9-]+(\/[A-Za-z0-9-]+)*$/;
const LOCAL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;
const MOST_ASKED = 400;
const SITE = new URL("../..", import.meta.url).pathname;

/** Names of IRIs in one language. `terms` is the file of terms, or null when it could not be had. */
export class Names {
  constructor(terms, language, ask) {
    this.terms = terms ?? { base: "", prefixes: {}, folders: {}, regions: {}, terms: [] };
    this.byIri = new Map(this.terms.terms.map((term) => [term.iri, term]));
    this.labels = new Map();
    this.language = language;
    this.ask = ask;
  }

  /** An IRI with a prefix; null when no namespace begins it. */
  compact(iri) {
    let best = null;
    for (const [name, namespace] of Object.entries(this.terms.prefixes)) {
      if (iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length)) && namespace.length > (best ? this.terms.prefixes[best].length : 0)) best = name;
    }
    return best && `${best}:${iri.slice(this.terms.prefixes[best].length)}`;
  }

  /** Where this site shows a thing of ours; null for all others. */
  path(iri) {
    const term = this.byIri.get(iri);
    if (term?.page) return term.page;
    const rest = this.terms.base && iri.startsWith(this.terms.base) ? iri.slice(this.terms.base.length) : "";
    if (!RECORD.test(rest)) return null;
    const [folder, slug, ...part] = rest.split("/");
    const list = this.terms.folders[folder];
    return list && slug && !part.length ? `${list}${slug}/` : `${SITE}${rest}`;
  }

  /** The name of a thing as {value, language}; null when none is known. */
  label(iri) {
    return this.byIri.get(iri)?.label ?? this.labels.get(iri) ?? null;
  }

  /** Asks for the names of those of ours that are not known yet. Without an answer they keep their IRIs. */
  async learn(iris) {
    const unknown = [...new Set(iris)].filter((iri) => this.path(iri) && !this.label(iri) && !this.labels.has(iri)).slice(0, MOST_ASKED);
    if (!unknown.length) return;
    const found = await this.#named(`VALUES ?iri { ${unknown.map((iri) => `<${iri}>`).join(" ")} }`).catch(() => []);
    for (const iri of unknown) this.labels.set(iri, null);
    for (const [iri, label] of found) this.labels.set(iri, label);
  }

  /** Every named thing whose IRI a namespace begins, as [IRI, {value, language}]. */
  async below(namespace) {
    return this.#named(`FILTER(STRSTARTS(STR(?iri), "${namespace}"))`);
  }

  async #named(pattern) {
    const { rows } = await this.ask(
      "SELECT ?iri ?label WHERE { ?iri <http://www.w3.org/2004/02/skos/core#prefLabel>|<http://purl.org/dc/terms/title>|" +
        `<http://www.w3.org/2000/01/rdf-schema#label> ?label . ${pattern} }`,
    );
    const found = new Map();
    for (const { iri, label } of rows) {
      const language = label["xml:lang"] ?? "";
      if (!found.has(iri.value) || language === this.language) found.set(iri.value, { value: label.value, language });
    }
    return [...found];
  }
}
