import { verifyDetached } from '#envelope/signatures';
import type { CertificateTold } from '#protocol/answers';
import { nowOf, type Partner } from './partner';
import { vouch } from './vouching';

export const certificatesOf = async ({ connection }: Pick<Partner, 'connection'>, agency: string): Promise<CertificateTold[]> =>
  (await connection.json<{ items: CertificateTold[] }>({ path: `/v1/directory/agencies/${encodeURIComponent(agency)}/certificates` })).items;

/** What is said to be signed, as the gateway hands it out: base64, and the instant at which it was taken. */
export interface SaidToBeSigned {
  statement: string;
  signature: string;
  at: string;
}

export const octetsIn = ({ statement }: Pick<SaidToBeSigned, 'statement'>): Uint8Array => new Uint8Array(Buffer.from(statement, 'base64'));

/** Whether an agency signed it. Certificates of each agency are asked for once. */
export type SignatureCheck = (agency: string, signed: SaidToBeSigned) => Promise<boolean>;

export function signatureCheck(partner: Partner): SignatureCheck {
  const asked = new Map<string, CertificateTold[]>();
  return async (agency, signed) => {
    const offered = asked.get(agency) ?? (await certificatesOf(partner, agency));
    asked.set(agency, offered);
    return isSignedBy(partner, agency, signed, offered);
  };
}

/** By a key that the co-ordinator vouches for as this agency's: today, or on the day on which it was signed, for a key that was renewed since still made it. */
async function isSignedBy(partner: Partner, agency: string, signed: SaidToBeSigned, offered: readonly CertificateTold[]): Promise<boolean> {
  const [octets, signature] = [octetsIn(signed), new Uint8Array(Buffer.from(signed.signature, 'base64'))];
  for (const at of [nowOf(partner), new Date(signed.at)]) {
    for (const each of offered) {
      const verdict = await vouch(each, partner.pins, { agency, use: 'sign' }, at);
      if (!verdict.ok || verdict.vouched.form !== 'openpgp') continue;
      if ((await verifyDetached({ octets, signature, certificates: [verdict.vouched.certificate], at })).ok) return true;
    }
  }
  return false;
}
