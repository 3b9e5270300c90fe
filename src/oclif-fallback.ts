/** The parts of oclif that print help and explain errors; most runs need neither. */
export { handle } from '@oclif/core/handle';
export { run } from '@oclif/core/run';
