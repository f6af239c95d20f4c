/** A file that is there already may have been edited by people: it is kept, whatever it says. An empty text is never written. */
export function decideFiling(existingFile: string | null, text: string): "write" | "keep" {
  return existingFile === null && text !== "" ? "write" : "keep";
}
