import type { MindContext } from "./context.js";

/** Every call of a model is on record before the next is made: a job that is killed loses the price of one call at most. */
export function keepConsultations({ ports, journal }: Pick<MindContext, "ports" | "journal">): void {
  ports.analyst.onConsulted?.(async (consulted) => {
    journal.note({ fact: "consulted", at: ports.clock.now(), ...consulted });
    if (consulted.usd > 0) await journal.flush();
  });
}
