import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type FrameLocator, type Page } from 'playwright-core';
import { readLabState } from '../../lab/state.ts';

const IMAGES = join(__dirname, '..', '..', 'docs', 'images');
const WIDTH = 1400;
const HEIGHT = 1100;
const PATIENCE_MS = 60_000;
/** Where the navigation of the UI ends. */
const [LEFT, TOP] = [256, 48];
const PATHS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The lab's Temporal UI in a headless Chromium of its own. */
export class TemporalUi {
  readonly #context: BrowserContext;
  readonly #profile: string;
  readonly #base: string;
  readonly page: Page;

  static async open(): Promise<TemporalUi> {
    const executablePath = PATHS.find((path) => path !== undefined && existsSync(path));
    if (executablePath === undefined) throw new Error('There is no Chromium: node run/browser.mjs');
    const lab = readLabState();
    if (lab === undefined) throw new Error('The lab is not up: npm run lab -- up');
    const profile = mkdtempSync(join(tmpdir(), 'ferry-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: FLAGS,
      viewport: { width: WIDTH, height: HEIGHT },
    });
    context.setDefaultTimeout(20_000);
    // The UI asks for news of its makers.
    await context.route(
      (url) => url.origin !== new URL(lab.temporal.ui).origin,
      (route) => route.abort(),
    );
    const page = context.pages()[0] ?? (await context.newPage());
    return new TemporalUi(context, profile, `${lab.temporal.ui}/namespaces/${lab.temporal.namespace}`, page);
  }

  private constructor(context: BrowserContext, profile: string, base: string, page: Page) {
    this.#context = context;
    this.#profile = profile;
    this.#base = base;
    this.page = page;
  }

  async close(): Promise<void> {
    await this.#context.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }

  /** One of a run's tabs. */
  async openRun(run: { workflowId: string; runId: string }, tab: 'timeline' | 'user-metadata'): Promise<void> {
    await this.page.goto(`${this.#base}/workflows/${encodeURIComponent(run.workflowId)}/${run.runId}/${tab}`);
  }

  /** The Markdown that the run tells of itself, as the tab User Metadata shows it: the last of its three frames. */
  currentDetails(): FrameLocator {
    return this.page.frameLocator('iframe').last();
  }

  /** The cells of the tables in the current details, row by row. */
  async rowsOfDetails(): Promise<readonly (readonly string[])[]> {
    return await this.currentDetails()
      .locator('tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').replaceAll('\u00a0', ' ').trim())),
      );
  }

  /** Looks at the current details of a run again and again until they say this. */
  async untilDetailsSay(run: { workflowId: string; runId: string }, text: string): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; ; ) {
      // The tab does not follow the run by itself.
      await this.openRun(run, 'user-metadata');
      await this.currentDetails().locator('p').first().waitFor();
      if ((await this.currentDetails().getByText(text).count()) > 0) return;
      if (Date.now() > end) throw new Error(`the details of ${run.workflowId} have not said "${text}"`);
    }
  }

  /**
   * A picture for the docs, taken anew only when FERRY_SCREENSHOTS is 1: pixels differ from machine to machine. `height`: of
   * the part without the navigation; left out: the whole window.
   */
  async screenshot(name: string, height?: number): Promise<void> {
    const path = join(IMAGES, `${name}.png`);
    if (process.env.FERRY_SCREENSHOTS !== '1' && existsSync(path)) return;
    mkdirSync(IMAGES, { recursive: true });
    const clip = height === undefined ? {} : { clip: { x: LEFT, y: TOP, width: WIDTH - LEFT, height } };
    await this.page.screenshot({ path, ...clip });
  }

  /** Fills in the form Start Workflow, sends it, and follows the link to the run. */
  async startWorkflow(form: { workflowId: string; taskQueue: string; type: string; input: unknown }): Promise<void> {
    const { page } = this;
    await page.goto(`${this.#base}/workflows/start-workflow`);
    await page.getByTestId('workflowId').fill(form.workflowId);
    await page.getByTestId('taskQueue').fill(form.taskQueue);
    await page.getByTestId('workflowType').fill(form.type);
    const data = page.getByRole('textbox', { name: 'Data' });
    await data.fill(JSON.stringify(form.input));
    // Left, the editor lays out the JSON and moves the button.
    await data.blur();
    await page.getByText('Task Queue is Active').waitFor();
    await page.getByTestId('start-workflow-button').click();
    await page.getByRole('link', { name: 'Workflow started successfully' }).click();
  }
}
