import { describe, expect, it } from 'vitest';
import { checksummedToken } from '../secret/testing.ts';
import { stepsOf } from './history.ts';

const step = (createdBy: string, emptyLayer = false) => ({ createdBy, comment: '', emptyLayer });
const read = (line: string) => {
  const [first] = stepsOf({ history: [step(line)], diffIds: ['sha256:0'] });
  return [first?.instruction, first?.rest];
};

it.each([
  ['/bin/sh -c #(nop)  CMD ["bash"]', ['CMD', '["bash"]']],
  ['/bin/sh -c #(nop) ADD file:0123 in / ', ['ADD', 'file:0123 in /']],
  ['/bin/sh -c apt-get update', ['RUN', 'apt-get update']],
  ['RUN /bin/sh -c apt-get update # buildkit', ['RUN', 'apt-get update']],
  ['RUN /bin/bash -o pipefail -c make # buildkit', ['RUN', '/bin/bash -o pipefail -c make']],
  ['|2 A=1 B=two words /bin/sh -c make all', ['RUN', 'make all']],
  ['RUN |1 VERSION=2 /bin/sh -c make # buildkit', ['RUN', 'make']],
  ['COPY --chown=7:7 . /app # buildkit', ['COPY', '--chown=7:7 . /app']],
  ['ENTRYPOINT ["/app"]', ['ENTRYPOINT', '["/app"]']],
  ['WORKDIR /app', ['WORKDIR', '/app']],
  ['COPY shop 1.0.0 /app', ['COPY', 'shop 1.0.0 /app']],
  ['bazel build //image', ['', 'bazel build //image']],
  ['', ['', '']],
])('reads %s', (line, expected) => {
  expect(read(line)).toEqual(expected);
});

it('gives the n-th layer to the n-th step that made one', () => {
  const history = [step('ADD a'), step('CMD b', true), step('RUN c'), step('USER d', true)];
  const layers = (diffIds: readonly string[]) =>
    stepsOf({ history, diffIds }).map(({ layer }) => layer);
  expect(layers(['sha256:0', 'sha256:1'])).toEqual([0, undefined, 1, undefined]);
  // A history that does not fit says nothing about any layer.
  expect(layers(['sha256:0'])).toEqual([undefined, undefined, undefined, undefined]);
});

describe('the text that findings show', () => {
  const shown = (line: string) =>
    stepsOf({ history: [step(line)], diffIds: ['sha256:0'] })[0]?.text ?? '';

  it('is one short line', () => {
    expect(shown('RUN /bin/sh -c make &&\n    make\tinstall # buildkit')).toBe(
      'RUN make && make install',
    );
    expect(shown(`RUN /bin/sh -c ${'a'.repeat(1000)}`)).toHaveLength(160);
  });

  it.each([
    'RUN |1 API_TOKEN=open-sesame /bin/sh -c curl -H "$API_TOKEN" # buildkit',
    'RUN /bin/sh -c PASSWORD=open-sesame ./install # buildkit',
    'RUN /bin/sh -c curl https://ada:open-sesame@example.com # buildkit',
    'ENV DB_PASSWORD=open-sesame',
    `RUN /bin/sh -c npm ci --registry-auth ${checksummedToken('npm_')}`,
  ])('never holds what may be a credential: %s', (line) => {
    expect(shown(line)).not.toMatch(/open-sesame|npm_/);
  });
});
