import type { Page as BrowserPage } from 'playwright-core';
import { FRONT_DOOR } from '../journeys/referral';

// What somebody chooses on the console's pages before anything is written: one sound choice, and each case of a test is a small change to it.

/** The first page. */
export const ABOUT: Readonly<Record<string, string>> = {
  agreement: 'wirral', team: 'safeguarding-lead', role: 'designated-safeguarding-lead', urgency: 'routine', purpose: 'front-door-referral', lawfulBasis: '6(1)(e)', conditions: '9(2)(g)', legalGateway: 'children-act-2004-s11',
  reference: 'WQ-2041', band: 'under-16', subjects: 'children', doNotTell: 'yes', to: FRONT_DOOR, categories: 'names',
};
/** The second. */
export const NEEDS: Readonly<Record<string, string>> = {
  [`need.names.${FRONT_DOOR}`]: 'assesses-referral', 'kind.names': 'fact', 'source.names': 'own-record', consent: 'not-sought', consentReason: 'puts-child-at-risk', informed: 'not-informed', informedReason: 'puts-child-at-risk',
  reasons: 'protects-from-harm', risk: 'high', purposeClear: 'yes', lawfulReason: 'yes', safety: 'yes', necessary: 'yes', accurate: 'yes',
};
export const CHECKLIST = ['how-much', 'fact-or-opinion', 'right-person', 'securely', 'openly'] as const;
export const CHOSEN = { ...ABOUT, ...NEEDS };

/** Fills in a page of the console by what its fields are called. Radios and boxes are ticked, lists chosen from. */
export async function fill(page: BrowserPage, fields: Readonly<Record<string, string | readonly string[]>>): Promise<void> {
  for (const [name, given] of Object.entries(fields)) {
    for (const [i, value] of [given].flat().entries()) {
      const box = page.locator(`input[name="${name}"][value="${value}"]`);
      const select = page.locator(`select[name="${name}"]`);
      if (await box.count()) await box.check();
      else if (await select.count()) await select.nth(i).selectOption(value);
      else await page.locator(`input[name="${name}"]`).fill(value);
    }
  }
}
