/** Objects up to this size are small, in bytes: they take as long as their way there. */
export const smallBytes = 256 * 1024;

/** How many small objects are on their way at a time; so many are in memory at most. */
export const smallWidth = 32;
