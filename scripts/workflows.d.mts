export function checkWorkflow(path: string, text: string): Promise<string[]>;
export function findRuleBreaks(path: string, text: string): string[];
