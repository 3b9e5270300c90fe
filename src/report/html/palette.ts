/** Colours of one theme, as `#rrggbb`. A test asserts that each text colour has contrast 4.5 on its grounds (WCAG 2.2, 1.4.3). */
export interface Palette {
  readonly ground: string;
  readonly panel: string;
  readonly line: string;
  readonly track: string;
  readonly text: string;
  readonly quiet: string;
  readonly link: string;
  readonly good: string;
  readonly bad: string;
  readonly warn: string;
  readonly special: string;
  readonly neutral: string;
  readonly 'good-ground': string;
  readonly 'bad-ground': string;
  readonly 'warn-ground': string;
  readonly 'special-ground': string;
  readonly 'neutral-ground': string;
}

export const light: Palette = {
  ground: '#f6f7f9',
  panel: '#ffffff',
  line: '#dde1e7',
  track: '#e9ecf0',
  text: '#1a1f26',
  quiet: '#57606c',
  link: '#1f5aa8',
  good: '#176b3a',
  bad: '#b42318',
  warn: '#8a5300',
  special: '#5b45a8',
  neutral: '#57606c',
  'good-ground': '#e6f4ea',
  'bad-ground': '#fdebe9',
  'warn-ground': '#fdf1dc',
  'special-ground': '#efecfb',
  'neutral-ground': '#eceff2',
};

export const dark: Palette = {
  ground: '#12151a',
  panel: '#1a1e25',
  line: '#323842',
  track: '#2a3039',
  text: '#e7eaee',
  quiet: '#a3acb8',
  link: '#8ab8f5',
  good: '#69d294',
  bad: '#ff9086',
  warn: '#f2bb5c',
  special: '#bcaeff',
  neutral: '#a3acb8',
  'good-ground': '#16301f',
  'bad-ground': '#3b1b19',
  'warn-ground': '#352712',
  'special-ground': '#272142',
  'neutral-ground': '#262b33',
};

export function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, color]) => `--${name}:${color};`)
    .join('');
}
