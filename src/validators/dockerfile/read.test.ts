import { describe, expect, it } from 'vitest';
import { dockerfileOf } from './testing.ts';

const texts = (text: string) =>
  dockerfileOf(text).instructions.map(({ keyword, body }) => `${keyword} ${body.text}`);
const commands = (text: string) =>
  dockerfileOf(text).instructions.flatMap(({ script }) =>
    (script?.commands ?? []).map(({ words, place }) => {
      const line = words.map((word) => word.value ?? word.text).join(' ');
      return `${place.line}:${place.column} ${line}`;
    }),
  );

describe('the lines of a Dockerfile', () => {
  it.each([
    ['are joined without comments and empty lines', 'RUN a \\\n # b\n\n  c', ['RUN a   c']],
    ['end with a carriage return or without', 'RUN a \\\r\n  b\r\nRUN c', ['RUN a   b', 'RUN c']],
    ['may continue with a blank behind the sign', 'RUN a \\  \n b', ['RUN a  b']],
    ['do not continue after an escaped sign', 'RUN a \\\\\nRUN b', ['RUN a \\\\', 'RUN b']],
    ['continue with the sign that is chosen', '# escape=`\nRUN a\\ `\n b', ['RUN a\\  b']],
    ['choose it at the top alone', '# a\n# escape=`\nRUN a `\nRUN b', ['RUN a `', 'RUN b']],
    ['begin with flags', 'RUN --mount=type=cache,target="/a b" --network=none x -y', ['RUN x -y']],
    ['trigger instructions', 'ONBUILD RUN a', ['ONBUILD RUN a', 'RUN a']],
    ['know no case', 'copy --from=x a b', ['COPY a b']],
    [
      'hold documents apart',
      'COPY <<A <<-B /x/\na\nA\n\tb\n\tB\nRUN c',
      ['COPY <<A <<-B /x/', 'RUN c'],
    ],
    ['are no documents in a list', 'RUN ["<<EOF"]\nRUN a', ['RUN ["<<EOF"]', 'RUN a']],
    ['are no documents after three signs', 'RUN a <<<b\nRUN c', ['RUN a <<<b', 'RUN c']],
  ])('%s', (_, text, expected) => {
    expect(texts(text)).toEqual(expected);
  });
});

describe('the commands of a RUN', () => {
  it.each([
    ['stand where they are written', 'RUN a \\\n  # x\n  && b c', ['1:5 a', '3:6 b c']],
    [
      'stand in documents',
      'RUN <<EOF\na\nif b; then\n  c d\nfi\nEOF',
      ['2:1 a', '3:4 b', '4:3 c d'],
    ],
    ['read documents', 'RUN a <<EOF && b\nx $(c)\nEOF', ['1:5 a', '2:5 c', '1:16 b']],
    [
      'stand in substitutions',
      'RUN a "$(b `c`)" >$(d)',
      ['1:5 a "$(b `c`)"', '1:10 b `c`', '1:13 c', '1:21 d'],
    ],
    ['are words of a list', 'RUN ["/bin/a", "b c"]', ['1:5 /bin/a b c']],
    [
      'are those of a shell alone',
      'SHELL ["pwsh"]\nRUN a\nSHELL ["/bin/ash", "-c"]\nRUN b',
      ['4:5 b'],
    ],
    [
      'are not those of another program',
      'RUN <<EOF\n#!/usr/bin/env python3\na\nEOF\nRUN <<EOF\n#!/bin/sh -e\nb\nEOF',
      ['7:1 b'],
    ],
    [
      'are not those of a base image with another shell',
      '# hadolint shell=powershell\nRUN a\nRUN b',
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(commands(text)).toEqual(expected);
  });
});

it('follows stages, their bases and what ARGs say', () => {
  const { stages } = dockerfileOf(
    'ARG V=1\nFROM a:$V AS Base\nFROM --platform=x base as next\nFROM $W\nFROM base\n',
  );
  expect(stages.map(({ name, image, parent }) => [name, image, parent?.index])).toEqual([
    ['Base', 'a:1', undefined],
    ['next', 'base', 0],
    [undefined, undefined, undefined],
    [undefined, 'base', 0],
  ]);
});

it('reads pairs with quotes, escapes and without an equals sign', () => {
  const pairs = (text: string) =>
    dockerfileOf(text).instructions.flatMap((one) =>
      one.pairs.map(({ name, value }) => [name.value, value?.value, value?.place.column]),
    );
  expect(pairs('ENV A="b c" D=e\\ f')).toEqual([
    ['A', 'b c', 7],
    ['D', 'e f', 15],
  ]);
  expect(pairs('LABEL a  b c')).toEqual([['a', 'b c', 10]]);
  expect(pairs('ARG A B=$A')).toEqual([
    ['A', undefined, undefined],
    ['B', '$A', 9],
  ]);
});

it('ends with deep nesting, long lines and open quotes', () => {
  const deep = `RUN ${'$('.repeat(5000)}a`;
  const open = `RUN ${'"'.repeat(9999)}`;
  const braces = `ENV A=${'${B:-'.repeat(5000)}`;
  const continued = `RUN a${' \\\n'.repeat(20_000)}b`;
  for (const text of [deep, open, braces, continued]) {
    expect(dockerfileOf(text).instructions).toHaveLength(1);
  }
});
