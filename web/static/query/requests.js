// A query as a request in other programs: the text is quoted by each language's own rules.

function shell(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function python(text) {
  return `"""\n${text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')}\n"""`;
}

function r(text) {
  let dashes = "---";
  while (text.includes(`)${dashes}"`)) dashes += "-";
  return `r"${dashes}(\n${text}\n)${dashes}"`;
}

const FORMATS = { table: "csv", truth: "json", text: "turtle" };

/** [Name of the program, text to copy] for a query whose answer is of a kind. */
export function requests(endpoint, query, kind) {
  const text = query.trim();
  const format = FORMATS[kind];
  const rows = kind === "table";
  return [
    ["curl", `curl ${shell(endpoint)} --data format=${format} --data-urlencode query=${shell(text)}\n`],
    [
      "Python",
      `${rows ? "import csv\nimport io\n" : ""}import urllib.parse\nimport urllib.request\n\nquery = ${python(text)}\n` +
        `form = urllib.parse.urlencode({"query": query, "format": "${format}"}).encode()\n` +
        `with urllib.request.urlopen("${endpoint}", form) as answer:\n    text = answer.read().decode()\n` +
        (rows ? "for row in csv.DictReader(io.StringIO(text)):\n    print(row)\n" : "print(text)\n"),
    ],
    [
      "R",
      `library(httr2)\n\nquery <- ${r(text)}\nanswer <- request("${endpoint}") |>\n  req_body_form(query = query, format = "${format}") |>\n  req_perform()\n` +
        (rows ? "rows <- read.csv(text = resp_body_string(answer))\n" : "cat(resp_body_string(answer))\n"),
    ],
  ];
}
