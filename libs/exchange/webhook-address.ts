import { type Egress, EgressFailed } from '#platform/egress';
import { Refusal } from '#platform/refusal';

/** An address that will be asked, or a refusal. @throws Refusal WEBHOOK_URL */
export function addressAllowed(egress: Egress, url: string | undefined): string {
  try {
    if (url !== undefined && egress.allowed(url)) return url;
  } catch (error) {
    if (!(error instanceof EgressFailed)) throw error;
  }
  throw new Refusal({ code: 'WEBHOOK_URL', pointer: '/url' });
}
