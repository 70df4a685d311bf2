/** Where an attempt's output is downloaded as it was printed. */
export const rawOutputUrl = (runId: string, attempt: number): string => `/api/v1/runs/${runId}/output?format=raw&attempt=${attempt}`;
