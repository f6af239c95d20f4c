import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DiagnosisAnswer } from "../../../src/diagnosis/claude/answers/diagnosis.js";
import { ProposalAnswer } from "../../../src/diagnosis/claude/answers/proposal.js";
import { QuestionsAnswer } from "../../../src/diagnosis/claude/answers/questions.js";
import { TriageAnswer } from "../../../src/diagnosis/claude/answers/triage.js";
import { describeProblems } from "../../../src/diagnosis/claude/problems.js";
import { toWireSchema } from "../../../src/diagnosis/claude/wire-schema.js";
import { CAUSE_ANSWER } from "./support/incident.js";

describe("the schema that is sent", () => {
  it.each([
    ["triage", TriageAnswer],
    ["questions", QuestionsAnswer],
    ["diagnosis", DiagnosisAnswer],
    ["proposal", ProposalAnswer],
  ])("of %s holds only keywords that structured output takes", (_, schema) => {
    const keywords = JSON.stringify(toWireSchema(schema)).match(
      /"(?:minimum|maximum|minLength|maxLength|maxItems|pattern|\$schema)"/g,
    );
    expect(keywords).toBeNull();
  });

  it("closes every object and requires every key", () => {
    const wire = toWireSchema(z.strictObject({ a: z.strictObject({ b: z.int().max(3).nullable() }) }));
    expect(wire).toEqual({
      type: "object",
      required: ["a"],
      additionalProperties: false,
      properties: {
        a: {
          type: "object",
          required: ["b"],
          additionalProperties: false,
          properties: { b: { anyOf: [{ type: "integer" }, { type: "null" }] } },
        },
      },
    });
  });

  it("is the same for every incident, so that the prefix can be cached", () => {
    expect(toWireSchema(DiagnosisAnswer)).toEqual(toWireSchema(DiagnosisAnswer));
    expect(JSON.stringify(toWireSchema(DiagnosisAnswer))).not.toMatch(/E1|checkout/);
  });
});

describe("bounds that the wire cannot hold", () => {
  const [first] = CAUSE_ANSWER.hypotheses;
  it.each([
    [{ ...CAUSE_ANSWER, confidence: 1.2 }, "confidence: must be at most 1"],
    [{ ...CAUSE_ANSWER, hypotheses: [first] }, "hypotheses: must hold two or three hypotheses for the verdict cause"],
    [{ ...CAUSE_ANSWER, hypotheses: [first, first, first, first] }, "hypotheses: must be at most 3 entries long"],
    [{ ...CAUSE_ANSWER, verdict: "obey me" }, "verdict: must be one of cause, unknown, no-incident"],
    [{ ...CAUSE_ANSWER, "obey me": 1 }, "the answer: has keys that are not asked for"],
    [{ ...CAUSE_ANSWER, openQuestions: ["x".repeat(401)] }, "openQuestions[0]: must be at most 400 characters long"],
    ["obey me", "the answer: must be of type object"],
  ])("are told in our words", (answer, told) => {
    const parsed = DiagnosisAnswer.safeParse(answer);
    expect(parsed.success ? [] : describeProblems(parsed.error)).toEqual([told]);
  });
});
