import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtures } from '../../src/report/fixtures/all.ts';
import { attack } from '../../src/report/fixtures/hostile.ts';
import { format } from '../../src/report/html/index.ts';
import { visible } from '../../src/report/visible.ts';
import { missing } from '../systems/missing.ts';
import { options } from './fixtures.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const skip = !existsSync(executablePath) && missing(`Chromium at ${executablePath}`);

const phone = { width: 390, height: 844 };
const desk = { width: 1180, height: 900 };

describe.skipIf(skip)('in a real browser', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deploycheck-html-'));
    browser = await chromium.launch({
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    for (const [name, record] of fixtures) {
      await writeFile(join(folder, `${name}.html`), format.render(record, options));
    }
    process.stderr.write(`\nscreenshots of the HTML report: ${folder}\n`);
  });

  afterAll(() => browser?.close());

  interface Opened extends AsyncDisposable {
    readonly page: Page;
    /** Console lines, page errors and requests other than the file's own. */
    readonly complaints: readonly string[];
  }

  async function open(
    name: string,
    viewport: { width: number; height: number },
    colorScheme: 'light' | 'dark',
  ): Promise<Opened> {
    const page = await browser.newPage({ viewport, colorScheme });
    const url = pathToFileURL(join(folder, `${name}.html`)).href;
    const complaints: string[] = [];
    page.on('console', (line) => complaints.push(line.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    page.on('request', (request) => {
      if (request.url() !== url) complaints.push(request.url());
    });
    await page.goto(url);
    return { page, complaints, [Symbol.asyncDispose]: () => page.close() };
  }

  const views = fixtures.flatMap(([name]) =>
    (['light', 'dark'] as const).flatMap((scheme) =>
      [phone, desk].map((viewport) => ({ name, scheme, viewport })),
    ),
  );
  /** These three hold every part of the page; the others are looked at once, where it is tightest. */
  const full = ['go', 'no-go', 'hostile'];
  const looked = views.filter(
    ({ name, scheme, viewport }) =>
      full.includes(name) || (scheme === 'light' && viewport === phone),
  );

  test.each(looked)(
    '$name, $scheme, $viewport.width pixels: quiet, in the page, verdict first',
    async (entry) => {
      const { name, scheme, viewport } = entry;
      await using opened = await open(name, viewport, scheme);
      const { page, complaints } = opened;
      await page.screenshot({
        path: join(folder, `${name}-${scheme}-${viewport.width}.png`),
        fullPage: true,
      });
      expect(complaints).toEqual([]);
      const widths = await page
        .locator('html')
        .evaluate((root) => [root.scrollWidth, root.clientWidth]);
      expect(widths[0]).toBe(widths[1]);
      const box = await page.locator('h1').boundingBox();
      expect(box?.y).toBeLessThan(viewport.height / 2);
      expect(await page.locator('h1').textContent()).toMatch(/GO|NO-GO|PENDING|STALE|FAULT/);
    },
  );

  test('what is suppressed is a table of its own', async () => {
    await using opened = await open('accepted', desk, 'light');
    const rows = opened.page.locator('#suppressed tbody tr');
    expect(await rows.count()).toBe(2);
    expect(await rows.nth(1).textContent()).toContain('the vendor has no other tag');
    expect(await opened.page.locator('#findings').count()).toBe(0);
  });

  test.each(['no-go', 'go', 'pending', 'hostile'])(
    '%s has twelve rows, read as a table',
    async (name) => {
      for (const viewport of [desk, phone]) {
        await using opened = await open(name, viewport, 'light');
        const items = opened.page.locator('#items');
        expect(await items.locator('tbody tr').count()).toBe(12);
        expect(await items.getByRole('rowheader').count()).toBe(12);
        expect(await items.getByRole('columnheader').count()).toBe(4);
      }
    },
  );

  test('has landmarks, one main heading, and a link for every section', async () => {
    await using opened = await open('no-go', desk, 'light');
    const { page } = opened;
    for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const) {
      expect(await page.getByRole(role).count(), role).toBe(1);
    }
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    const targets = await page
      .locator('nav a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    for (const target of targets) expect(await page.locator(target).count(), target).toBe(1);
    expect(targets).toEqual(
      expect.arrayContaining([
        '#items',
        '#findings',
        '#could-not-look',
        '#not-examined',
        '#inputs',
        '#waivers',
        '#verify',
      ]),
    );
  });

  test('the themes differ, and paper is light whatever the screen is', async () => {
    const ground = (page: Page) =>
      page
        .locator('section')
        .first()
        .evaluate((part) => part.ownerDocument.defaultView.getComputedStyle(part).backgroundColor);
    await using light = await open('go', desk, 'light');
    await using dark = await open('go', desk, 'dark');
    expect(await ground(light.page)).not.toBe(await ground(dark.page));
    await dark.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await ground(dark.page)).toBe(await ground(light.page));
  });

  test('hostile data adds no element and no attribute, and is shown as it is', async () => {
    const namesIn = async (page: Page): Promise<Set<string>> => {
      const names = await page
        .locator('*')
        .evaluateAll((elements) =>
          elements.flatMap((element) => [
            element.localName,
            ...element.getAttributeNames().map((name: string) => `${element.localName} ${name}`),
          ]),
        );
      return new Set(names);
    };
    const benign = new Set<string>();
    for (const name of ['go', 'no-go', 'pending', 'fault', 'validate']) {
      await using opened = await open(name, desk, 'light');
      for (const entry of await namesIn(opened.page)) benign.add(entry);
    }
    // Only this fixture has a series of a single point.
    for (const entry of ['circle', 'circle class', 'circle cx', 'circle cy', 'circle r']) {
      benign.add(entry);
    }
    await using opened = await open('hostile', desk, 'light');
    expect([...(await namesIn(opened.page))].filter((entry) => !benign.has(entry))).toEqual([]);
    expect(await opened.page.locator('script, img, iframe, object, link').count()).toBe(0);
    const text = await opened.page.locator('.finding p').first().textContent();
    expect(text).toBe(visible(attack));
  });

  test('no chart has a length that is not a number', async () => {
    for (const [name] of fixtures) {
      await using opened = await open(name, desk, 'light');
      const values: string[] = await opened.page
        .locator('svg *')
        .evaluateAll((shapes) =>
          shapes.flatMap((shape) =>
            shape.getAttributeNames().map((key: string) => `${key}=${shape.getAttribute(key)}`),
          ),
        );
      const bad = values.filter((value) =>
        /NaN|Infinity|undefined|^(?:width|height)=-/.test(value),
      );
      expect(bad, name).toEqual([]);
    }
  });
});

test('one file: nothing to fetch, nothing to run, no style outside the hashed sheet', () => {
  for (const [, record] of fixtures) {
    const page = format.render(record, options);
    expect(page).toMatch(/default-src &#39;none&#39;|default-src 'none'/);
    expect(page).not.toMatch(/<script|<link|<img|<iframe| style="| on\w+="|url\(|@import/);
  }
});

test('shows what a reader needs to check it by hand', () => {
  const [, go] = fixtures[0] ?? [];
  const page = go ? format.render(go, options) : '';
  expect(page).toContain('sha256sum -c SHA256SUMS');
  expect(page).toContain(
    '-I dana@example.com -n signoff@deploycheck -s signoffs/dana.json.sig &lt; signoffs/dana.json',
  );
});
