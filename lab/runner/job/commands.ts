/** A workflow command that a step printed, as `::name key=value::text`. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly text: string;
}

/** @returns null when the line is plain output */
export function parseCommand(line: string): WorkflowCommand | null {
  const match = /^\s*::([a-zA-Z-]+)(?: +([^\r\n]*?))?::(.*)$/s.exec(line);
  if (!match) return null;
  const [, name = "", properties = "", text = ""] = match;
  return { name: name.toLowerCase(), properties: parseProperties(properties), text: unescape(text) };
}

function parseProperties(text: string): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const part of text.split(",")) {
    const at = part.indexOf("=");
    if (at > 0)
      properties[part.slice(0, at).trim()] = unescape(part.slice(at + 1))
        .replaceAll("%3A", ":")
        .replaceAll("%2C", ",");
  }
  return properties;
}

function unescape(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}
