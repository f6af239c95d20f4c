/** The tables of `docs/query-packs.md`, from the packs themselves. Pure. */

/** One section a pack: what it is of, how a config chooses it, its signals with their queries for the example's labels. */
export function toPackTables({ PACK_NAMES, PACKS }, { instantiatePack }) {
  return PACK_NAMES.map((name) => packSection(PACKS[name], instantiatePack)).join("\n\n");
}

function packSection(pack, instantiatePack) {
  const queries = new Map(instantiatePack(pack, pack.example).map((signal) => [signal.name, signal.query]));
  const rows = pack.signals.map(
    ({ name, unit, says }) => `| \`${name}\` | ${unit ?? "–"} | ${says} | ${code(queries.get(name))} |`,
  );
  return [
    `### \`${pack.name}\``,
    "",
    `${pack.title}. Metrics as in [its documentation](${pack.docs}).`,
    "",
    "```yaml",
    `packs: { ${pack.name}: { ${Object.entries(pack.example).map(label).join(", ")} } }`,
    "```",
    "",
    ...pack.notes.flatMap((note) => [note, ""]),
    "| signal | unit | what it says | query, as sent with these labels |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** What is asked about a cluster, for a namespace `shop`. */
export function toClusterTable({ CLUSTER_QUESTIONS, NAMESPACE_LABEL }, { LABELS }, { writeMatchers }) {
  const rows = CLUSTER_QUESTIONS.map(({ family, signal, unit, says, query }) => {
    const matchers = writeMatchers({ [NAMESPACE_LABEL[family]]: "shop" });
    return `| \`${family}\` | ${signal} | ${unit ?? "–"} | ${says} | ${code(query.replaceAll(LABELS, () => matchers))} |`;
  });
  return [
    "| family | figure | unit | what it says | query, as sent for the namespace `shop` |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** A bar would end the cell, also inside code. */
function code(query) {
  return `\`${query.replaceAll("|", "\\|")}\``;
}

function label([name, value]) {
  return `${name}: ${/^[a-z][a-z0-9-]*$/.test(value) ? value : JSON.stringify(value)}`;
}
