/** Says a line to people, on standard error, beside whatever progress is shown there. */
export type Say = (line: string) => void;
