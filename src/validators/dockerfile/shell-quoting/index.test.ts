import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN rm -r $A/x "$B" \'$C\' && echo x > $D\n', ['variable 2:11', 'variable 2:38']],
  ['FROM a:1\nRUN a $@ && b `c`\n', ['all-arguments 2:7', 'command 2:15']],
  [
    'FROM a:1\nRUN A=1.2 && x-$A ${#B} $? $((1+1)) ${C:+--c} && D=$E && [[ $F == x ]] && $G run\n',
    [],
  ],
  ['FROM a:1\nRUN for x in $LIST; do true; done; case $y in a) ;; esac\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
