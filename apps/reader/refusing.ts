import type { CopyVerified } from '#client/copy';
import type { Partner } from '#client/partner';
import { giveBack } from '#client/statements';
import { MANAGERS_MISSING } from './words';
import { SCRUTINY_GROUNDS } from '#policy/receiving';
import { CATEGORIES } from '#policy/vocabulary/categories';
import type { ReturnReason } from '#protocol/statement';
import { checks, choice, element, ticked } from './elements';
import { RETURNS } from './words';

export interface Refusing {
  partner: Partner;
  copy: CopyVerified;
  /** Role of whoever refuses, and the managers whose approval counts. */
  role: string;
  managers: readonly string[];
  /** Whether it was opened: then copies may lie somewhere. */
  opened: boolean;
  attempt(work: () => Promise<void>): Promise<void>;
  ended(text: string): void;
}

/** What somebody says who gives it back: a reason, and what that reason asks for. Unopened it stays sealed. */
export function refusing({ partner, copy, role, managers, opened, attempt, ended }: Refusing): HTMLElement {
  const reason = choice('reason', RETURNS);
  const pressing = copy.read.urgency !== 'routine';
  const approved = element('div', { class: 'field' }, element('label', { for: 'approved', text: managers.length > 0 ? 'It presses: which manager approves that it is refused?' : MANAGERS_MISSING }), choice('approved', Object.fromEntries(managers.map((each) => [each, each]))));
  const removed = element('div', { class: 'choice' }, element('input', { id: 'removed', type: 'checkbox' }), element('label', { for: 'removed', text: 'No copy of it is left with us, on screen, on paper or in a file' }));
  const missing = checks('missing', 'What is missing?', Object.fromEntries(Object.entries(CATEGORIES).map(([code, { says }]) => [code, says])));
  const look = (): void => {
    const onGround = SCRUTINY_GROUNDS.includes(reason.value);
    approved.hidden = !(onGround && pressing);
    removed.hidden = !(onGround && opened);
    missing.hidden = reason.value !== 'insufficient';
  };
  reason.addEventListener('change', look);
  look();
  const button = element('button', { type: 'button', id: 'return', class: 'quiet', text: 'Refuse' });
  button.addEventListener('click', () => void attempt(async () => {
    const onGround = SCRUTINY_GROUNDS.includes(reason.value);
    const lacks = ticked(missing);
    await giveBack(partner, copy, reason.value as ReturnReason, {
      ...(onGround ? { role } : {}), ...(onGround && pressing ? { approvedBy: (approved.querySelector('select') as HTMLSelectElement).value } : {}),
      ...(onGround && opened ? { copiesRemoved: (removed.querySelector('input') as HTMLInputElement).checked } : {}), ...(reason.value === 'insufficient' && lacks.length > 0 ? { missing: lacks } : {}),
    });
    button.disabled = true;
    ended('Refused, signed. The sender is told, and why.');
  }));
  return element('div', { class: 'refusing' }, element('label', { for: 'reason', text: 'Or refuse it, because' }), reason, missing, approved, removed, button);
}
