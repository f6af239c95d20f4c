export function compile(): void;
export function bundle(entry: string, out: string): void;
export function filesBelow(folder: string): string[];
