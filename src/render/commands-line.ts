import type { Incident } from "../incident/incident.js";

const ON_IT = "`/ack` I am on it (stops the page)";
const HOLD = "`/hold` stop the automation";
const CALL = "`/escalate` call for help";
const HELP = "`/help`";

/** What can be typed now; null once the incident is closed. */
export function commandsLine({ phase, held, acknowledgedBy }: Incident): string | null {
  const ack = acknowledgedBy === null ? [ON_IT] : [];
  switch (phase.at) {
    case "closed":
      return null;
    case "resolved":
      return ["`/cause <text>` say what the cause was", HELP].join(" · ");
    case "escalated":
      return [...ack, "`/retry <hint>` look again", "`/resolve <what you did>` it is over", HELP].join(" · ");
    case "awaiting-approval":
    case "approved":
    case "remediating":
    case "planned":
    case "opened":
    case "triaged":
    case "informed":
    case "diagnosed":
      return [...ack, held ? "`/retry` go on" : HOLD, CALL, HELP].join(" · ");
  }
}
