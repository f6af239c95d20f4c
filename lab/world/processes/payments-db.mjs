/**
 * The shop's database: one statement a line, one answer a line, about 40 ms each, whatever the load.
 * It takes up to 400 connections and serves one statement at a time on each, in the order of asking.
 */
import { createServer } from "node:net";

const maxConnections = 400;
const serviceMs = () => 35 + Math.random() * 10;

let connections = 0;
const server = createServer((socket) => {
  if (connections >= maxConnections) return void socket.end("ERROR too many clients already\n");
  connections += 1;
  serve(socket);
});

function serve(socket) {
  let statements = 0;
  let busy = false;
  const next = () => {
    if (busy || statements === 0) return;
    busy = true;
    setTimeout(() => {
      busy = false;
      statements -= 1;
      if (!socket.destroyed) socket.write("OK 1 row\n");
      next();
    }, serviceMs());
  };
  socket.setNoDelay(true);
  socket.on("data", (chunk) => {
    statements += chunk.toString("latin1").split("\n").length - 1;
    next();
  });
  socket.on("error", () => socket.destroy()); // a client that went away
  socket.on("close", () => {
    connections -= 1;
  });
}

server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
