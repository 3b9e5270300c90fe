export interface Choice<T extends string> {
  readonly value: T;
  readonly title: string;
}

/** Questions to a person. Every method faults with `terminal-required` when there is no terminal. */
export interface Prompt {
  /** @param flag the flag that gives the same answer, named when there is no terminal. */
  choose<T extends string>(
    question: string,
    choices: readonly Choice<T>[],
    flag: string,
    signal: AbortSignal,
  ): Promise<T>;
  confirm(question: string, flag: string, signal: AbortSignal): Promise<boolean>;
}
