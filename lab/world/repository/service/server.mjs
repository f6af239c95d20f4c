import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { countRequest, renderMetrics } from "./metrics.mjs";
import { NoFreeConnection, Pool } from "./pool.mjs";

const { version } = readJson("../package.json");
const [host, port] = (process.env.DATABASE_ADDRESS ?? "127.0.0.1:5432").split(":");
const pool = new Pool({ host, port: Number(port), ...readJson("../config/pool.json") });
let orders = 0;

const server = createServer((request, response) => {
  if (request.method === "POST" && request.url === "/checkout") return void checkout(response);
  if (request.url === "/healthz") return answer(response, 200, { status: "up", version });
  if (request.url === "/metrics")
    return void response.setHeader("content-type", "text/plain; version=0.0.4").end(renderMetrics(pool));
  answer(response, 404, { error: "not found" });
});

async function checkout(response) {
  const started = performance.now();
  const { code, body } = await placeOrder();
  countRequest(String(code), (performance.now() - started) / 1000);
  answer(response, code, body);
}

async function placeOrder() {
  try {
    await pool.query("INSERT INTO orders");
    orders += 1;
    if (orders % 200 === 0) log("INFO", `${orders} orders placed since start`);
    return { code: 200, body: { order: orders } };
  } catch (error) {
    log("ERROR", error.message);
    return { code: 503, body: { error: error instanceof NoFreeConnection ? "busy" : "payments-db failed" } };
  }
}

function answer(response, code, body) {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function log(level, message) {
  process.stdout.write(`${level} ${message}\n`);
}

function readJson(path) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
}

process.on("SIGTERM", () => {
  log("INFO", "shutting down");
  server.close(() => process.exit(0));
  setInterval(() => server.closeIdleConnections(), 50); // orders under way end first
  setTimeout(() => process.exit(0), 2_000);
});

server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  log("INFO", `checkout ${version} listens, pool of ${pool.size} connections`);
  process.send?.({ port: server.address().port }); // tells a supervisor that it is up, and where
});
