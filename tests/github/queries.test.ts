import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { FILE } from "../../src/github/archive.js";
import { CREATE_COMMIT, HEAD } from "../../src/github/commit.js";
import { RECENT_DEPLOYMENTS } from "../../src/github/deployments.js";
import { LOOK, MORE_COMMENTS } from "../../src/github/desk.js";
import { REPOSITORY_HISTORY } from "../../src/github/history.js";
import { postmortemsQuestion } from "../../src/github/postmortems.js";
import { RESERVATIONS } from "../../src/github/reservations.js";

const path = new URL("../../node_modules/@octokit/graphql-schema/schema.graphql", import.meta.url);
// GitHub's own file defines two fields twice, which the strict check of `buildSchema` refuses.
const schema = buildSchema(readFileSync(path, "utf8"), { assumeValidSDL: true });

describe("every question we ask exists in GitHub's schema", () => {
  it.each(
    Object.entries({
      LOOK,
      MORE_COMMENTS,
      RESERVATIONS,
      RECENT_DEPLOYMENTS,
      REPOSITORY_HISTORY,
      POSTMORTEMS: postmortemsQuestion(3),
      FILE,
      HEAD,
      CREATE_COMMIT,
    }),
  )("%s", (_name, document) => {
    expect(validate(schema, parse(document)).map((error) => error.message)).toEqual([]);
  });

  it("notices a field that does not exist", () => {
    expect(validate(schema, parse(LOOK.replace("lastEditedAt", "editedLast")))).not.toEqual([]);
  });
});
