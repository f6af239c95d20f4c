/** `node lib/lab/anthropic/main.js`: the stand-in of the Messages API, until it is stopped. Prints what to put into the environment. */
import { agree } from "./agreeable.js";
import { startMessagesApi } from "./server.js";

const API_KEY = "stand-in";

const api = await startMessagesApi({ apiKey: API_KEY, reply: agree });
console.log(`ANTHROPIC_BASE_URL=${api.url} ANTHROPIC_API_KEY=${API_KEY}`);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    for (const { n, problems } of api.received) if (problems.length > 0) console.error(`request ${n}: ${problems.join("; ")}`);
    console.error(
      `${api.received.length} requests, ${api.received.filter(({ problems }) => problems.length > 0).length} not valid`,
    );
    void api.close().then(() => process.exit(0));
  });
