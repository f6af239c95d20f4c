/** The shop's reverse proxy: sends every request to the release that is live. The host agent names it: `{upstream: port}`. */
import { Agent, createServer, request } from "node:http";

const agent = new Agent({ keepAlive: true });
let upstream = null;

const server = createServer((incoming, outgoing) => {
  if (upstream === null) return refuse(outgoing, "no release is live");
  const onward = request(
    { host: "127.0.0.1", port: upstream, agent, method: incoming.method, path: incoming.url, headers: incoming.headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on("error", (error) => refuse(outgoing, error.message));
  incoming.pipe(onward);
});

function refuse(outgoing, reason) {
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing.writeHead(502, { "content-type": "text/plain" }).end(`${reason}\n`);
}

process.on("message", (message) => {
  upstream = message.upstream;
  process.send({ upstream });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
