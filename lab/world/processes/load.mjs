/**
 * The shop's customers: 150 orders a second, open loop (nobody waits for another's answer).
 * Tells the lab four times a second how many orders were answered and how many of them failed.
 */
import { Agent, request } from "node:http";

const ordersPerSecond = 150;
const agent = new Agent({ keepAlive: true });
const url = new URL("/checkout", process.env.SHOP_URL);
let answered = 0;
let failed = 0;

function order() {
  const asked = request(url, { method: "POST", agent, timeout: 2_000, headers: { "content-length": 0 } }, (answer) => {
    answer.resume().on("end", () => count(answer.statusCode < 500));
  });
  asked.on("timeout", () => asked.destroy(new Error("no answer within 2 s")));
  asked.on("error", () => count(false));
  asked.end();
}

function count(ok) {
  answered += 1;
  if (!ok) failed += 1;
}

// A machine that stalls owes at most half a second of orders, so that a pause does not look like a rush.
let due = performance.now();
setInterval(() => {
  const now = performance.now();
  due = Math.max(due, now - 500);
  for (; due <= now; due += 1000 / ordersPerSecond) order();
}, 10);

setInterval(() => {
  process.send({ answered, failed });
  answered = 0;
  failed = 0;
}, 250);
