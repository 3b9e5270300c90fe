import { expect, it } from 'vitest';
import { fileLocation } from './places.ts';
import { imageOf } from './testing.ts';

const file = (path: string) => [{ path, content: path }];
const layers = [file('base'), file('deps'), file('app')];
const history = [
  { created_by: '/bin/sh -c #(nop) ADD file:01 in / ' },
  { created_by: '/bin/sh -c #(nop)  CMD ["bash"]', empty_layer: true },
  { created_by: 'RUN /bin/sh -c make deps # buildkit' },
  { created_by: 'COPY app / # buildkit' },
  { created_by: 'CMD ["/app"]', empty_layer: true },
];
const name = 'org.opencontainers.image.base.name';

async function owners(more: object) {
  const image = await imageOf({}, layers, { ...more });
  return image.layers.map((_, layer) => {
    const { origin } = fileLocation(image, { path: 'x', layer });
    return [origin?.owner, origin?.by, ...(origin?.base ? [origin.base] : [])].join(' ');
  });
}

it('guesses from the history, up to the last command with layers above it', async () => {
  expect(await owners({ history })).toEqual(['base history', 'mine history', 'mine history']);
});

it('names the base by its annotation', async () => {
  const annotations = { [name]: 'registry.example/debian:13' };
  expect(await owners({ history, annotations })).toEqual([
    'base history registry.example/debian:13',
    'mine history',
    'mine history',
  ]);
});

it('believes the layers of a base that is given more', async () => {
  const base = { config: {}, layers: layers.slice(0, 2), history: history.slice(0, 3) };
  expect(await owners({ history, base })).toEqual([
    'base layers base',
    'base layers base',
    'mine layers',
  ]);
});

it('does not believe a base that is not below', async () => {
  const base = { config: {}, layers: [file('other')] };
  expect(await owners({ history, base })).toEqual(['base history', 'mine history', 'mine history']);
});

it('says nothing where nothing tells', async () => {
  expect(await owners({})).toEqual(['unknown nothing', 'unknown nothing', 'unknown nothing']);
  // The only command is the last one, which is of the image itself.
  const own = [...history.slice(0, 1), ...history.slice(2)];
  expect(await owners({ history: own })).toEqual(Array(3).fill('unknown nothing'));
});
