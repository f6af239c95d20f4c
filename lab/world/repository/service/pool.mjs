/** A pool of connections to payments-db: opened when needed, never more than `size`, handed out in order of asking. */
import { connect } from "node:net";

export class NoFreeConnection extends Error {
  name = "NoFreeConnection";
}

export class Pool {
  #idle = [];
  #waiting = [];
  #open = 0;

  constructor({ host, port, size, acquireTimeoutMs }) {
    this.address = { host, port };
    this.size = size;
    this.acquireTimeoutMs = acquireTimeoutMs;
  }

  get inUse() {
    return this.#open - this.#idle.length;
  }

  get waiting() {
    return this.#waiting.length;
  }

  /** One statement on one connection; waits for a free connection at most `acquireTimeoutMs`. */
  async query(statement) {
    const connection = await this.#acquire();
    try {
      const answer = await ask(connection, statement);
      this.#release(connection);
      return answer;
    } catch (error) {
      this.#discard(connection);
      throw error;
    }
  }

  async #acquire() {
    const connection = this.#idle.pop();
    if (connection) return connection;
    return this.#open < this.size ? this.#connect() : this.#wait();
  }

  #wait() {
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      waiter.timer = setTimeout(() => {
        const waiting = this.waiting;
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(new NoFreeConnection(`timeout: no free connection in pool (size=${this.size}, waiting=${waiting})`));
      }, this.acquireTimeoutMs);
      this.#waiting.push(waiter);
    });
  }

  async #connect() {
    this.#open += 1;
    const socket = connect(this.address);
    socket.setNoDelay(true);
    socket.setEncoding("utf8");
    try {
      await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    } catch (error) {
      this.#open -= 1;
      throw error;
    }
    return socket;
  }

  #release(connection) {
    if (connection.destroyed) return this.#discard(connection);
    const waiter = this.#waiting.shift();
    if (!waiter) return void this.#idle.push(connection);
    clearTimeout(waiter.timer);
    waiter.resolve(connection);
  }

  #discard(connection) {
    connection.destroy();
    this.#open -= 1;
    const waiter = this.#waiting.shift();
    if (!waiter) return;
    clearTimeout(waiter.timer);
    void this.#connect().then(waiter.resolve, waiter.reject);
  }
}

/** Sends one line, resolves with the line that answers it. */
function ask(connection, statement) {
  return new Promise((resolve, reject) => {
    let answer = "";
    const finish = (settle, value) => {
      connection.off("data", onData).off("error", onError).off("close", onClose);
      settle(value);
    };
    const onData = (chunk) => {
      answer += chunk;
      if (!answer.endsWith("\n")) return;
      if (answer.startsWith("OK")) finish(resolve, answer.trim());
      else finish(reject, new Error(`payments-db answered: ${answer.trim()}`));
    };
    const onError = (error) => finish(reject, error);
    const onClose = () => finish(reject, new Error("payments-db closed the connection"));
    connection.on("data", onData).on("error", onError).on("close", onClose);
    connection.write(`${statement}\n`);
  });
}
