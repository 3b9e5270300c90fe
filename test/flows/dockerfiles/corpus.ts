import { dockerfileLines, shellLines } from './lines.ts';

/** One text that both sides judge. */
export interface Sample {
  readonly name: string;
  readonly text: string;
}

const bases = [
  ...['debian:13', 'alpine:3.22', 'python', 'node:latest', 'ubuntu:24.04', 'scratch', 'fedora:41'],
  ...['--platform=linux/amd64 centos:7', 'debian:13 AS build0', 'ubuntu:24.04 AS Build'],
];

/**
 * Every line on its own, and files of several stages with lines in any order: the same ones for the same
 * seed, whatever machine they are made on.
 */
export function corpusOf(count: number, seed: number): readonly Sample[] {
  let state = seed;
  const below = (limit: number): number => {
    // The constants of Numerical Recipes' linear congruential generator.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const any = (list: readonly string[]) => list[below(list.length)] ?? '';
  const stage = () =>
    [
      `FROM ${any(bases)}`,
      ...Array.from({ length: 2 + below(6) }, () => any(dockerfileLines)),
    ].join('\n');
  const single = [...dockerfileLines, ...shellLines].map((line, at) => ({
    name: `line-${String(at).padStart(3, '0')}.Dockerfile`,
    text: `FROM debian:13\n${line}\n`,
  }));
  const mixed = Array.from({ length: count }, (_, at) => ({
    name: `mixed-${String(at).padStart(4, '0')}.Dockerfile`,
    text: `${Array.from({ length: 1 + below(3) }, stage).join('\n')}\n`,
  }));
  return [...single, ...mixed];
}
