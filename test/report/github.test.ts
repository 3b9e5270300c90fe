import { expect, test } from 'vitest';
import { fixtures } from '../../src/report/fixtures/all.ts';
import { hostile } from '../../src/report/fixtures/hostile.ts';
import { noGo } from '../../src/report/fixtures/no-go.ts';
import { format } from '../../src/report/github/index.ts';
import { options } from './fixtures.ts';

interface Command {
  readonly level: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As the runner reads it (ActionCommand.TryParseV2 of actions/runner). */
function commandsOf(text: string): Command[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, level = '', list = '', message = ''] = /^::(\w+) ([^:]*)::(.*)$/.exec(line) ?? [];
      const pairs = list.split(',').map((pair): [string, string] => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
      });
      return {
        level,
        properties: Object.fromEntries(pairs),
        message: message.replace(/%(25|0D|0A)/g, (code) => decodeURIComponent(code)),
      };
    });
}

test.each(fixtures)('%s is nothing but commands, the last of them the verdict', (_, record) => {
  const commands = commandsOf(format.render(record, options));
  for (const { level } of commands) expect(level).toMatch(/^(?:error|warning|notice)$/);
  expect(commands.at(-1)).toMatchObject({ level: 'notice', properties: { title: 'deploycheck' } });
});

test('every finding is at its line, the gravest first', () => {
  const commands = commandsOf(format.render(noGo, options));
  for (const { location, check, message, waivedBy } of noGo.findings) {
    const found = commands.find(
      (command) => command.properties.title === check && command.message.startsWith(message),
    );
    expect(found?.properties.file).toBe(location.file);
    expect(found?.properties.line).toBe(
      location.line === undefined ? undefined : `${location.line}`,
    );
    if (waivedBy !== null) expect(found?.level).toBe('notice');
  }
  const levels = commands.filter(({ properties }) => properties.file).map(({ level }) => level);
  const ranks = levels.map((level) => ['error', 'warning', 'notice'].indexOf(level));
  expect(ranks).toEqual(ranks.toSorted());
});

test('what a finding says makes no command of its own', () => {
  const text = format.render(hostile, options);
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^::(?:error|warning|notice) /);
});

test('what nobody could look at is said', () => {
  const { findings: _, ...rest } = noGo;
  const record = {
    ...rest,
    findings: [],
    notExamined: [{ what: 'the chart', why: 'it renders to nothing' }],
  };
  expect(commandsOf(format.render(record, options))).toContainEqual({
    level: 'warning',
    properties: { title: 'not examined' },
    message: 'the chart: it renders to nothing',
  });
});
