import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from '@autotrader/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type HeldDemo, holdDemo } from '../demo/held-demo.js';
import type { SimulatedVenue } from '../demo/simulated-venue.js';

const LONG_MS = 60_000;
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const inBrowser = CHROMIUM === undefined ? describe.skip : describe;
/** Made anew when the variable SCREENSHOT is set. */
const SCREENSHOT = fileURLToPath(new URL('../../../../docs/live-page.png', import.meta.url));

inBrowser(`the live page${CHROMIUM === undefined ? ' (skipped: chromium is not installed)' : ''}`, () => {
  const said: string[] = [];
  const asked: string[] = [];
  let demo: HeldDemo;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    demo = await holdDemo();
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
    page = await newPage({ width: 1100, height: 1250 }, 'light');
  }, LONG_MS);

  afterAll(async () => {
    await browser.close();
    expect((await demo.end()).isComplete).toBe(true);
  }, LONG_MS);

  /** A page, of which everything that is said on the console and asked of the network is kept. */
  async function newPage(
    viewport: { width: number; height: number },
    colorScheme: 'light' | 'dark',
  ): Promise<Page> {
    const opened = await browser.newPage({ viewport, colorScheme });
    opened.on('console', (message) => said.push(message.text()));
    opened.on('pageerror', (error) => said.push(String(error)));
    opened.on('request', (request) => asked.push(request.url()));
    await opened.goto(demo.httpUrl);
    return opened;
  }

  const venue = (name: string): SimulatedVenue => {
    const found = demo.venues.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  const textOf = async (selector: string): Promise<string> => (await page.textContent(selector)) ?? '';
  const row = (name: string): string => `#connectors tr[data-venue="${name}"]`;

  it(
    'shows the venues, what they send, and that it is stored',
    async () => {
      await page.waitForSelector(`${row('BINANCE')}[data-state="live"]`);
      for (const name of ['OANDA', 'IBKR']) expect(await textOf(row(name))).toContain('live');
      await until('events', async () =>
        /^[1-9]\d* events\/s · every venue is connected/.test(await textOf('#summary')),
      );
      await until('ticks', async () => (await page.locator('#ticks tbody tr').count()) === 20);
      expect(await textOf('#ticks')).toMatch(/BINANCE|OANDA|IBKR/);
      await until('rows', async () => Number((await textOf('#storage-rows')).replace(',', '')) > 0);
      expect(await textOf('#storage-state')).toBe('storing');
    },
    LONG_MS,
  );

  it(
    'draws the bars of any instrument, and the chart moves',
    async () => {
      const names = page.locator('#instrument option');
      await until('the instruments', async () => (await names.count()) >= 7);
      expect(await names.allTextContents()).toEqual(
        expect.arrayContaining(['BINANCE BTC/USDT', 'OANDA EUR/USD (mid of quotes)', 'IBKR AAPL']),
      );
      await page.selectOption('#instrument', { label: 'BINANCE BTC/USDT' });
      const last = (): Promise<string> =>
        page
          .locator('#chart')
          .getAttribute('data-last')
          .then((text) => text ?? '');
      await until('a bar', async () =>
        /BINANCE BTC\/USDT, 1m from .*: open \d/.test(await textOf('#chart-text')),
      );
      const first = await last();
      await until('another bar, or another close', async () => (await last()) !== first);
      expect(await page.locator('#chart canvas').count()).toBeGreaterThan(1);
      await page.selectOption('#interval', '1h');
      await until('bars of an hour', async () => (await textOf('#chart-text')).includes(', 1h from '));
      await page.selectOption('#instrument', { label: 'DUKASCOPY EUR/USD (mid of quotes)' });
      await until('the history', async () => (await textOf('#chart-text')).startsWith('DUKASCOPY EUR/USD'));
    },
    LONG_MS,
  );

  it(
    'turns a venue red that is cut, says why, and for who does not see it',
    async () => {
      await venue('OANDA').setReachable(false);
      await page.waitForSelector(`${row('OANDA')}[data-state="away"]`);
      expect(await textOf(row('OANDA'))).toMatch(/not connected: .+/);
      expect(
        await page.evaluate(`getComputedStyle(document.querySelector('${row('OANDA')} .away')).color`),
      ).toBe('rgb(179, 18, 29)');
      expect(await textOf('#announcement')).toContain('OANDA is not connected');
      expect(await page.title()).toBe('⚠ OANDA · autotrader');
      await venue('OANDA').setReachable(true);
      await page.waitForSelector(`${row('OANDA')}[data-state="live"]`);
      expect(await page.title()).toBe('autotrader');
    },
    LONG_MS,
  );

  it('can be used by the keyboard, and every control has a name', async () => {
    await page.keyboard.press('Tab');
    const focused: string[] = [];
    for (let step = 0; step < 8; step++) {
      focused.push(await page.evaluate<string>(`document.activeElement?.id ?? ''`));
      await page.keyboard.press('Tab');
    }
    expect(focused).toEqual(expect.arrayContaining(['instrument', 'interval']));
    expect(await page.getByLabel('Instrument').count()).toBe(1);
    expect(await page.getByLabel('Bars', { exact: true }).count()).toBe(1);
    for (const name of ['Venues', 'Storage', 'Chart', 'Last ticks'])
      expect(await page.getByRole('heading', { name }).count()).toBe(1);
    expect(await page.getByRole('columnheader').count()).toBe(17);
  });

  it('fits a phone, and is dark where the reader likes it dark', async () => {
    const phone = await newPage({ width: 360, height: 740 }, 'dark');
    await phone.waitForSelector('#connectors tbody tr');
    const [width, back] = await phone.evaluate<[number, string]>(
      '[document.documentElement.scrollWidth, getComputedStyle(document.documentElement).backgroundColor]',
    );
    expect([width, back]).toEqual([360, 'rgb(13, 17, 23)']);
    await phone.close();
  });

  it('says nothing on the console, and asks no other host', async () => {
    if (process.env['SCREENSHOT'] !== undefined) {
      await page.selectOption('#interval', '1h');
      await until('the chart', async () =>
        /DUKASCOPY EUR\/USD .*, 1h from/.test(await textOf('#chart-text')),
      );
      await page.click('h1');
      await page.screenshot({ path: SCREENSHOT });
    }
    expect(said).toEqual([]);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((url) => !url.startsWith(`${demo.httpUrl}/`))).toEqual([]);
  });
});
