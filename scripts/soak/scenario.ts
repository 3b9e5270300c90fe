/** What one try came to. */
export interface Try {
  /** Empty when all was as it has to be; otherwise what was not. */
  readonly problem: string;
  /** What was done, in a few words: counted in the report. */
  readonly how: string;
  /** Counted in a table of its own below the others, where a scenario says so of its tries. */
  readonly at?: { readonly row: string; readonly column: string };
}

/** Something that is done many times, each a little otherwise. */
export interface Scenario {
  readonly name: string;
  /** What has to hold each time, for the report. */
  readonly claim: string;
  /** How many tries an answer takes. */
  readonly count: number;
  open(): Promise<OpenScenario>;
}

export interface OpenScenario extends AsyncDisposable {
  /** @param random from the seed and the number of the try */
  once(random: () => number, number: number): Promise<Try>;
}
