import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'FROM a:1\nRUN sed s/\\s/x/ && sed "s/\\s/x/" && find \\( -name a \\) && \\rm b\n',
    ['escape 2:9'],
  ],
  [
    'FROM a:1\nRUN echo {{.x}} a{b,c} ${d} {} "{" \\{\nRUN { a; }; f() { b; }; f {\n',
    ['brace 2:10', 'brace 3:27'],
  ],
  ['FROM a:1\nRUN echo "$x[0]" ${x}[0] \'$x[0]\' $x\n', ['array 2:10']],
  ['FROM a:1\nRUN echo ´ls´\n', ['tick 2:10']],
  [
    'FROM a:1\nRUN echo "a"b"c" "$a"b"c" "a"/"c" \'a\'"b" "a"/b"c"\n',
    ['outside 2:10', 'outside 2:42'],
  ],
  [
    'FROM a:1\nRUN x=$(sed s/\\s/x/) && echo $(a {) `b \\\\s`\nRUN ["a", "{"]\n',
    ['escape 2:13', 'brace 2:34', 'escape 2:37'],
  ],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
