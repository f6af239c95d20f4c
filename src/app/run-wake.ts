/** The command `wake` only starts another run: it reads no config and no issue, so its token needs no more than it has. */
import { z } from "zod";
import { createGitHubPorts } from "../github/ports.js";
import { wake } from "../jobs/wake.js";
import { ConfigurationError, outcome, type Outcome } from "./app.js";
import { clientOptions, readEvent, type Asked } from "./start.js";

const Event = z.object({ repository: z.object({ default_branch: z.string() }) });

export async function runWake(asked: Asked): Promise<Outcome> {
  const { inputs, environment } = asked;
  const event = Event.safeParse(await readEvent(environment.eventPath));
  if (!event.success || inputs.incident === null)
    throw new ConfigurationError("The event does not name the repository's default branch: run this as a step of a workflow.");
  await wake(
    inputs.incident,
    environment.repository.fullName,
    event.data.repository.default_branch,
    createGitHubPorts(clientOptions(asked)),
  );
  return outcome({
    incident: inputs.incident,
    happened: [`Woke incident #${inputs.incident}.`],
    comesNext: "The mind looks at it.",
  });
}
