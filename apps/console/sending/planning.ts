import { Readable } from 'node:stream';
import { ClientRefusal } from '#client/codes';
import type { ShareDescription } from '#client/description';
import { type Draft, drafted } from '#client/drafting';
import { newToken } from '#directory/bearer';
import type { PlanAnswer } from '#protocol/answers';
import type { Problem } from '#protocol/problem';
import { Refusal } from '#platform/refusal';
import type { GatewayLine } from '../gateway-line';

/** What would be decided; or why the gateway does not say. */
export type Asked = { draft: Draft; answer: PlanAnswer } | { problem: Pick<Problem, 'code' | 'title' | 'next'> };

/** Asks the gateway what would be decided of codes alone, with a pass of whoever is signed in. Nothing is sealed yet, and nothing sent. @throws Refusal FORM_INVALID, GATEWAY_AWAY */
export async function planned(line: GatewayLine, share: ShareDescription, pass: string, at: Date): Promise<Asked> {
  const draft = soundly(() => drafted(share, line.gateway, at));
  const body = Buffer.from(JSON.stringify({ manifest: draft.manifest, lines: draft.lines }));
  const { status, value } = await line.json({ method: 'POST', path: '/v1/share-plans', pass, page: newToken(), headers: { 'content-type': 'application/json', 'content-length': String(body.length) }, body: Readable.from([body]) });
  return status === 200 ? { draft, answer: value as PlanAnswer } : { problem: value as Problem };
}

/** What no page of ours lets somebody choose did not come from one. */
function soundly<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ClientRefusal ? new Refusal({ code: 'FORM_INVALID' }) : error;
  }
}
