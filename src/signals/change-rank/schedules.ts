/** Times at which something runs by itself, in the five fields of cron. Pure. */

const CRON = /^(?:[\d*/,-]+\s+){2,3}[\d*/,?LW-]+\s+[\d*/,A-Z-]+\s+[\d*/,?#A-Z-]+$/i;
const ALL = [60, 24] as const;

export function isSchedule(text: string): boolean {
  return CRON.test(text.trim());
}

/** Runs on a day on which it runs, from the fields for minutes and hours: 1 to 1,440. */
export function runsPerDay(text: string): number {
  const fields = text.trim().split(/\s+/).slice(-5);
  return ALL.reduce((runs, all, index) => runs * timesIn(fields[index] ?? "*", all), 1);
}

function timesIn(field: string, all: number): number {
  const parts = field.split(",").map((part) => {
    const [range = "*", step = "1"] = part.split("/");
    const [from, to] = range.split("-").map(Number);
    const wide = to !== undefined && from !== undefined ? to - from + 1 : part.includes("/") || range === "*" ? all : 1;
    return Math.max(1, Math.floor(wide / Math.max(1, Number(step) || 1)));
  });
  return parts.reduce((sum, each) => sum + each, 0);
}
