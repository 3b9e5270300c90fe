import { fitsInTime } from '../../go-syntax/fits-in-time.ts';

/** Milliseconds for one pattern on one text. */
const patience = 200;

/** Characters of a text that a pattern of somebody else is tried on. */
const longestText = 4000;

/** @returns undefined when it did not come to an answer in time */
export function boundedTest(regex: RegExp, text: string): boolean | undefined {
  return fitsInTime(regex, text.slice(0, longestText), patience);
}
