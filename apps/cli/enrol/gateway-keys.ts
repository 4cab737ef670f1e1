import type { Connection } from '#client/connection';
import { type PublishedKey, thumbprint } from '#envelope/signing-keys';
import type { EnrolmentTold } from '#protocol/published';
import { parseVkey } from '#register/vkey';
import { UsageError } from '../io';

/** A key of the gateway under the name that is read out: the RFC 7638 thumbprint. */
export type GatewayKey = { kid: string; retired: boolean } & ({ signs: 'provenance'; key: PublishedKey } | { signs: 'register'; vkey: string });

/** What the gateway says its keys are. Not believed: it is held to what was read out. @throws ClientRefusal, GatewayProblem */
export async function publishedKeys(connection: Connection): Promise<GatewayKey[]> {
  const [{ keys }, { logKeys }] = await Promise.all([connection.json<{ keys: PublishedKey[] }>({ path: '/.well-known/jwks.json' }), connection.json<EnrolmentTold>({ path: '/v1/directory/enrolment' })]);
  return [
    ...keys.map((key) => ({ kid: key.kid, retired: key.exp !== undefined, signs: 'provenance' as const, key })),
    ...(await Promise.all(logKeys.map(async (vkey) => ({ kid: await kidOf(vkey), retired: false, signs: 'register' as const, vkey })))),
  ];
}

export async function kidOf(vkey: string): Promise<string> {
  const key = parseVkey(vkey);
  return key ? thumbprint(key.publicKey) : 'not a key';
}

/** Those whose thumbprint was typed in. @throws UsageError with every key that was not, while one of either sort is missing */
export function confirmedKeys(published: readonly GatewayKey[], typed: readonly string[]): { gatewayKeys: PublishedKey[]; logKeys: string[] } {
  const confirmed = published.filter(({ kid }) => typed.includes(kid));
  const strange = typed.filter((kid) => !published.some((key) => key.kid === kid));
  const lacking = (['provenance', 'register'] as const).filter((signs) => !confirmed.some((key) => key.signs === signs && !key.retired));
  if (strange.length > 0 || lacking.length > 0) {
    const open = published.filter((key) => !confirmed.includes(key)).map(({ kid, signs }) => `the gateway says that it signs ${signs === 'provenance' ? 'provenance and promises' : 'your register'} with ${kid}`);
    throw new UsageError([...strange.map((kid) => `the gateway has no key ${kid}`), ...open], 'Have the operator read the keys out to you, by a number that you know, and type them in: --gateway-key KEY, once for each.');
  }
  return {
    gatewayKeys: confirmed.flatMap((key) => (key.signs === 'provenance' ? [key.key] : [])),
    logKeys: confirmed.flatMap((key) => (key.signs === 'register' ? [key.vkey] : [])),
  };
}
