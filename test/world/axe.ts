import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The rules that judge by colour. All others say the same of a page in light and in dark. */
export const BY_COLOUR = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds on a page as it stands: the rule, where, and why.
 * @param rules these alone; all, when none is named
 */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(AXE);
  const found = (await page.evaluate(`axe.run(${rules ? JSON.stringify({ runOnly: rules }) : ''})`)) as { violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] };
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${String(target)}: ${failureSummary ?? ''}`));
}
