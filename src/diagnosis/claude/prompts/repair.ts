/** @param problems - in our words */
export function repairTask(problems: readonly string[]): string {
  return [
    "Your earlier answer was not accepted:",
    ...problems.map((problem) => `- ${problem}`),
    "Answer the question above once more, as JSON of the schema.",
  ].join("\n");
}
