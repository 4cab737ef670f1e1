import type { PrivateKey } from '#envelope/sealing';
import type { SmimeIdentity } from '#envelope/smime-identity';
import type { Connection } from './connection';
import type { Pins } from './pins';

/** Who we are at one gateway, with what we trust and what we sign and open with. Secret keys stay in this process. */
export interface Partner {
  agency: string;
  contact: string;
  connection: Connection;
  pins: Pins;
  signingKey: PrivateKey;
  /** All that may still be needed: a share may have been sealed to an older one. */
  openingKeys: readonly PrivateKey[];
  /** The same of S/MIME: what parts are signed with inside, and what they are opened with. */
  smime?: { signing?: SmimeIdentity; opening: readonly SmimeIdentity[] };
  clock?: () => Date;
}

export const nowOf = (partner: Pick<Partner, 'clock'>): Date => partner.clock?.() ?? new Date();
