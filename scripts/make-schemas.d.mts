import type { z } from "zod";

export function toJsonSchema(schema: z.ZodType, title: string): string;
export function toTables(jsonSchema: string): string;
export function fillPage(page: string, name: string, tables: string): string;
export function drawAll(
  load: (path: string) => Promise<Readonly<Record<string, unknown>>>,
  readPage: (path: string) => string,
): Promise<Record<string, string>>;
