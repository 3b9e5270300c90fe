import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN echo ${a%x} $a "$(b $c)"\n', ['unset 2:10', 'unset 2:25']],
  [
    'FROM a:1\nRUN read -r a; for b in x; do c=$a$b; done; echo $c ${d:-1} ${e:=2} $e $HOME $f_X $1\n',
    [],
  ],
  ["FROM a:1\nRUN . ./x && echo $y\nRUN echo '$z' \\$w\nCMD echo $v\n", []],
  ["FROM a:1\nRUN awk '{print $one}' x && cat <<'EOF'\n$two\nEOF\n", []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
