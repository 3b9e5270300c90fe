/** Content that is not what its manifest says. Never a Fault: it was looked at. */
export class DamagedContent extends Error {
  override readonly name = 'DamagedContent';
}
